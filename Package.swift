// swift-tools-version: 6.2
import PackageDescription

/// A door to one C library: only the module that wraps the library may depend on it.
func door(_ name: String, pkgConfig: String, apt: String, brew: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

/// A library module and, where it has one, its test target of the same name with `Tests` behind it.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + dependencies)
}

let package = Package(
    name: "vllm-provider",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "ProviderKit", targets: ["ProviderKit"]),
        .library(name: "VLLMClient", targets: ["VLLMClient", "HTTPTransport"]),
        .library(name: "VLLMProvider", targets: ["VLLMProvider"]),
        .library(name: "HostSession", targets: ["HostSession", "SessionLog", "Configuration"]),
        .library(name: "Replay", targets: ["Replay", "ReplayServer"]),
        .library(name: "TokenDecoding", targets: ["TokenDecoding"]),
        .library(name: "VLLMSimulator", targets: ["VLLMSimulator"]),
        .executable(name: "vllm-host", targets: ["vllm-host"]),
        .executable(name: "vllm-sim", targets: ["vllm-sim"]),
        .library(name: "provider-vllm", type: .static, targets: ["ProviderVLLMPlugin"]),
    ],
    targets: [
        // Floor 0: doors to C libraries.
        door("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev", brew: "libyaml"),
        door("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev", brew: "curl"),
        door("CMicrohttpd", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev", brew: "libmicrohttpd"),
        door("CGnuTLS", pkgConfig: "gnutls", apt: "libgnutls28-dev", brew: "gnutls"),
        door("CEdit", pkgConfig: "libedit", apt: "libedit-dev", brew: "libedit"),
        door("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev", brew: "zstd"),
        door("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev", brew: "openssl@3"),
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        // Headers alone: the plugin ABI, and what Swift's module of the C library leaves out. Nothing is linked.
        .systemLibrary(name: "CProviderPlugin"),
        .systemLibrary(name: "CFiles"),

        // Floor 1
        module("Checksum", ["CCrypto"]),
        module("Indirection"),
        module("Locks"),
        module("JSON", ["CSimdjson"]),
        module("RegularExpressions"),
        module("Suggestions"),
        module("Timestamps"),
        // These lean on others of the same floor.
        module("ArgumentParsing", ["Suggestions"]),
        module("Redaction", ["JSON", "Locks"]),
        module("ToldTokens", ["JSON"]),

        // Floor 2
        module("Commands", ["Locks"]),
        module("ProviderKit", ["Indirection", "JSON", "Locks", "ToldTokens"]),
        module("Configuration", ["CYAML", "JSON", "Redaction", "Suggestions"]),
        module("HTTPTransport", ["CCurl", "Locks"]),
        module("JSONSchema", ["JSON"]),
        module("SessionLog", ["CFiles", "Checksum", "CZstd", "JSON", "Locks", "Redaction", "RegularExpressions", "Timestamps"]),
        module("TokenDecoding", ["JSON"]),

        // Floor 3
        module("SessionTimeline", ["JSON", "ProviderKit", "SessionLog", "Timestamps"]),
        module("TokenDisplay", ["ProviderKit"]),
        module("VLLMClient", ["HTTPTransport", "Indirection", "JSON", "Redaction", "ToldTokens"]),

        // Floor 4
        module("Comparison", ["JSON", "ProviderKit", "SessionTimeline"]),
        module(
            "VLLMProvider",
            [
                "ProviderKit", "VLLMClient", "HTTPTransport", "Commands", "Configuration", "Indirection", "Redaction", "JSON", "JSONSchema",
                "Locks", "Timestamps", "ToldTokens",
            ]),

        module("PluginExport", ["CProviderPlugin", "Configuration", "JSON", "Locks", "ProviderKit"]),
        module("PluginLoading", ["Checksum", "CProviderPlugin", "Configuration", "JSON", "Locks", "ProviderKit"]),
        module("SessionPage", ["Checksum", "Comparison", "JSON", "ProviderKit", "SessionTimeline", "Timestamps", "TokenDisplay"]),

        module(
            "Replay",
            [
                "Checksum", "Configuration", "JSON", "Locks", "ProviderKit", "Redaction", "SessionLog", "SessionTimeline", "Timestamps",
            ]),

        // Floor 5
        module(
            "HostSession",
            [
                "ProviderKit", "Commands", "Configuration", "PluginLoading", "SessionLog", "Redaction", "JSON", "Locks", "Suggestions",
                "Timestamps",
            ]),
        module("VLLMSimulator", ["CGnuTLS", "CMicrohttpd", "JSON", "Locks", "Suggestions", "TokenDecoding"]),

        // Floor 6
        module("ReplayServer", ["JSON", "Locks", "Replay", "VLLMSimulator"]),
        module("ProviderVLLMPlugin", ["CProviderPlugin", "PluginExport", "ProviderKit", "VLLMProvider"]),
        .executableTarget(
            name: "vllm-host",
            dependencies: [
                "ArgumentParsing", "CEdit", "Commands", "Comparison", "Configuration", "HostSession", "HTTPTransport", "JSON", "Locks",
                "PluginLoading", "ProviderKit", "Redaction", "RegularExpressions", "Replay", "ReplayServer", "SessionLog", "SessionPage",
                "SessionTimeline", "Suggestions", "Timestamps", "TokenDisplay", "VLLMClient", "VLLMProvider", "VLLMSimulator",
            ]),
        .executableTarget(name: "vllm-sim", dependencies: ["ArgumentParsing", "VLLMSimulator"]),

        // Benchmarks
        .executableTarget(
            name: "soak",
            dependencies: ["ArgumentParsing", "Configuration", "JSON", "Locks", "ProviderKit", "VLLMProvider", "VLLMSimulator"],
            path: "Benchmarks/Soak"),
        .target(name: "Measuring", dependencies: ["Locks"], path: "Benchmarks/Measuring"),
        .executableTarget(
            name: "bench-client", dependencies: ["HTTPTransport", "JSON", "Measuring", "VLLMClient"], path: "Benchmarks/Client"),
        .executableTarget(
            name: "bench-provider", dependencies: ["Configuration", "HTTPTransport", "JSON", "Measuring", "ProviderKit", "VLLMProvider"],
            path: "Benchmarks/Provider"),
        .executableTarget(
            name: "bench-host",
            dependencies: [
                "Configuration", "HostSession", "HTTPTransport", "JSON", "Locks", "Measuring", "PluginLoading", "ProviderKit", "SessionLog",
                "VLLMProvider",
            ],
            path: "Benchmarks/Host"),
        .executableTarget(
            name: "bench-log",
            dependencies: ["Configuration", "HostSession", "JSON", "Measuring", "Redaction", "SessionLog", "VLLMProvider"],
            path: "Benchmarks/Log"),
        .executableTarget(
            name: "bench-paths",
            dependencies: [
                "Configuration", "HostSession", "HTTPTransport", "JSON", "Locks", "Measuring", "ProviderKit", "SessionLog", "VLLMClient",
                "VLLMProvider",
            ],
            path: "Benchmarks/Paths"),

        // Tests
        .target(name: "TestSupport", dependencies: ["JSON", "JSONSchema", "Locks", "ProviderKit"], path: "Tests/TestSupport"),
        tests("JSON"),
        tests("ArgumentParsing"),
        tests("Checksum"),
        tests("RegularExpressions"),
        tests("Suggestions"),
        tests("Redaction", ["JSON"]),
        tests("ProviderKit", ["JSON"]),
        tests("Comparison", ["JSON", "ProviderKit", "SessionTimeline"]),
        tests("Configuration", ["JSON"]),
        tests("HTTPTransport", ["Locks"]),
        tests("JSONSchema", ["JSON"]),
        tests(
            "Replay",
            [
                "Configuration", "HostSession", "HTTPTransport", "JSON", "Locks", "ProviderKit", "ReplayServer", "SessionLog",
                "SessionTimeline", "Timestamps", "VLLMProvider", "VLLMSimulator",
            ]),
        tests("SessionLog", ["JSON", "Redaction", "RegularExpressions", "Timestamps"]),
        tests("SessionPage", ["Checksum", "Comparison", "JSON", "ProviderKit", "SessionTimeline", "Timestamps"]),
        tests("SessionTimeline", ["JSON", "ProviderKit", "SessionLog", "Timestamps"]),
        tests("Timestamps"),
        tests("ToldTokens", ["JSON"]),
        tests("TokenDecoding", ["JSON"]),
        tests("VLLMClient", ["HTTPTransport", "JSON", "Redaction", "VLLMSimulator"]),
        tests(
            "VLLMProvider",
            ["ProviderKit", "VLLMClient", "HTTPTransport", "Configuration", "JSON", "ToldTokens", "VLLMSimulator", "Locks"]),
        tests(
            "HostSession",
            ["ProviderKit", "Configuration", "PluginLoading", "SessionLog", "JSON", "VLLMProvider", "VLLMSimulator", "Locks"]),
        tests("VLLMSimulator", ["JSON", "HTTPTransport"]),
        tests("PluginExport", ["CProviderPlugin", "Configuration", "JSON", "Locks", "ProviderKit", "ProviderVLLMPlugin"]),
        tests(
            "PluginLoading",
            [
                "Checksum", "CProviderPlugin", "Configuration", "JSON", "Locks", "ProviderKit", "ProviderVLLMPlugin", "VLLMProvider",
                "VLLMSimulator",
            ]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "vllm-host", "ArgumentParsing", "Comparison", "Configuration", "HostSession", "JSON", "Locks", "ProviderKit",
                "SessionTimeline", "TestSupport", "TokenDisplay", "VLLMProvider", "VLLMSimulator",
            ]),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "vllm-host", "TestSupport", "Configuration", "HostSession", "HTTPTransport", "JSON", "Locks", "ProviderKit", "SessionLog",
                "TokenDecoding", "VLLMClient", "VLLMProvider", "VLLMSimulator",
            ]),
    ],
    cxxLanguageStandard: .cxx17
)

// One place for the settings of every Swift target.
let settings: [SwiftSetting] =
    [.treatAllWarnings(as: .error)]
    + [
        "ExistentialAny", "ImmutableWeakCaptures", "InferIsolatedConformances", "InternalImportsByDefault",
        "MemberImportVisibility", "NonisolatedNonsendingByDefault",
    ].map { .enableUpcomingFeature($0) }

for target in package.targets where target.type != .system && target.name != "CSimdjson" {
    target.swiftSettings = settings
}
