import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("What vllm-host does with a plugin's code", .timeLimit(.minutes(3)), .enabled(if: access("/usr/bin/cc", X_OK) == 0))
struct PluginCodeTests {
    /// The root of the sources.
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    /// The plugin echo-c, which leaves a file when it is loaded, and does not end when it is closed.
    private static let stubborn = """
        #include "provider_plugin.h"
        #include <stdio.h>
        #include <unistd.h>
        const ProviderPlugin *echo_plugin(uint32_t version);
        static ProviderStatus hang(ProviderInstance *instance) { (void)instance; for (;;) pause(); }
        __attribute__((constructor)) static void tell(void) { FILE *file = fopen("loaded", "w"); if (file) fclose(file); }
        __attribute__((visibility("default"))) const ProviderPlugin *provider_plugin(uint32_t version) {
            static ProviderPlugin table;
            table = *echo_plugin(version);
            table.close = hang;
            return &table;
        }
        """

    private func withPlugin(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { home in
            for folder in ["/Plugins", "/Plugins/echo-c"] { mkdir(home + folder, 0o755) }
            try writeFile(home + "/plugin.c", Self.stubborn.utf8)
            let built = try await HostProcess.shell(
                "cc -std=c99 -D_POSIX_C_SOURCE=200809L -fPIC -shared -fvisibility=hidden -pthread -I '\(Self.root)/Sources/CProviderPlugin' "
                    + "-Dprovider_plugin=echo_plugin '\(Self.root)/Plugins/echo-c/'*.c -c && "
                    + "cc -fPIC -shared -fvisibility=hidden -pthread -I '\(Self.root)/Sources/CProviderPlugin' *.o plugin.c "
                    + "-o Plugins/echo-c/lib.so && chmod 644 Plugins/echo-c/lib.so && sha256sum < Plugins/echo-c/lib.so", home: home)
            try #require(built.code == 0, "\(built.errors)")
            let schema = #"{"type": "object", "properties": {"words": {"type": "array", "items": {"type": "string"}, "writeOnly": true}}}"#
            let manifest =
                #"{"id": "echo-c", "abi_version": 1, "type": "provider", "entry": {"library": "lib.so"}, "#
                + #""sha256": "\#(built.output.prefix(64))", "config_schema": \#(schema)}"#
            try writeFile(home + "/Plugins/echo-c/manifest.json", manifest.utf8)
            chmod(home + "/Plugins/echo-c/manifest.json", 0o644)
            try await body(home)
        }
    }

    @Test("config show does not load a plugin, and hides the texts of a list that its schema marks; config check loads it")
    func loading() async throws {
        try await withPlugin { home in
            try writeFile(home + "/plan.yaml", "providers: [{module: echo-c, config: {words: [planted], any: 1}}]".utf8)
            let shown = try await HostProcess.run(["config", "show", "plan.yaml"], home: home)
            #expect(shown.code == 0)
            #expect(shown.output.contains("[REDACTED]"))
            let told = shown.output + shown.errors
            #expect(!told.contains("planted"))
            #expect(access(home + "/loaded", F_OK) != 0)
            try writeFile(home + "/plan.yaml", "providers: [{module: echo-c}]".utf8)
            let checked = try await HostProcess.run(["config", "check", "plan.yaml"], home: home)
            #expect(checked.code == 0)
            #expect(access(home + "/loaded", F_OK) == 0)
        }
    }

    @Test("models are listed also where the provider does not end")
    func models() async throws {
        try await withPlugin { home in
            try writeFile(home + "/plan.yaml", "providers: [{module: echo-c}]".utf8)
            let run = try await HostProcess.run(["models", "-c", "plan.yaml"], home: home)
            #expect(run.code == 0)
            #expect(run.output.hasPrefix("echo"))
        }
    }
}
