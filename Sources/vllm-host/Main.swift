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
        Task.detached {
            let code = await Program.run()
            fflush(nil)
            // Not `exit`: what is still at work has nothing to wait for.
            _exit(code)
        }
        Interrupts.wait()
    }
}
