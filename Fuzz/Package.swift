// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that what it needs (libFuzzer, testable builds) stays out of the main one: Scripts/fuzz.sh builds and runs it.
let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "vllm-provider", path: "..")],
    targets: [
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                .product(name: "VLLMProvider", package: "vllm-provider"), .product(name: "provider-vllm", package: "vllm-provider"),
                .product(name: "HostSession", package: "vllm-provider"),
            ],
            swiftSettings: [
                .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"), .unsafeFlags(["-parse-as-library"]),
            ])
    ]
)
