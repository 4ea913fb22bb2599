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
            // Not `exit`: it would free what OpenSSL holds under the hands of the network's thread.
            _exit(code)
        }
        Interrupts.wait()
    }
}
