#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@main
struct Main {
    static func main() {
        // Before any other thread starts, so that all of them inherit it.
        Interrupts.block()
        Task.detached { exit(await Program.run()) }
        Interrupts.wait()
    }
}
