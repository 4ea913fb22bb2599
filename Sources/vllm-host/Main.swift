#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@main
struct Main {
    static func main() async {
        // Before any other thread starts, so that all of them inherit it.
        Interrupts.block()
        exit(await Program.run(Array(CommandLine.arguments.dropFirst())))
    }
}
