/* Reading JSON: a text is checked once, as a whole, and then looked into where it stands; nothing is copied. */
#ifndef ECHO_JSON_H
#define ECHO_JSON_H

#include <stdbool.h>
#include <stddef.h>

/* One value, without white space around it; {NULL, 0} where there is none. Its first character tells its type. */
typedef struct Json {
    const char *at;
    size_t size;
} Json;

/* What is left of an array's elements or an object's members. */
typedef struct JsonItems {
    const char *at, *end;
} JsonItems;

/* Whether the text is one JSON value in UTF-8, nested 200 deep at most. */
bool json_parse(const char *text, size_t size, Json *value);

/* Whether it is there and of the type that begins with this character: one of { [ " t f n, and 0 for all numbers. */
bool json_is(Json value, char type);

/* The elements or members of an array or an object; none of anything else. */
JsonItems json_items(Json container);

/* The next one, false at the end. `name` gets the quoted name of an object's member; it may be NULL. */
bool json_next(JsonItems *items, Json *name, Json *value);

/* The last member of this name, as most parsers take it; not there where it is null or `object` is no object. */
Json json_member(Json object, const char *name);

/* Whether a string, read with its escapes, is this ASCII text. */
bool json_equals(Json string, const char *text);

/* The characters of a string, escapes left as they are, so that they can be put between other quotes. */
Json json_inside(Json string);

/* The value as an integer of this range; false where it is none. */
bool json_integer(Json value, long least, long most, long *number);

#endif
