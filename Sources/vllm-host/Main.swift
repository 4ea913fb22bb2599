import HTTPTransport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@main
struct Main {
    static func main() {
        // Before any other thread starts: the environment must not be changed later, and all of them inherit the signals.
        ProcessSecrecy.begin()
        Interrupts.block()
        Task.detached {
            let code = await Program.run()
            fflush(nil)
            // Not `exit`: what is still at work has nothing to wait for.
            _exit(code)
        }
        // While that reads the command line and the mount plan: here there is nothing else to do.
        if HostCommand.asksAtOnce(CommandLine.arguments.dropFirst().first) { CurlTransport.prepareLibrary() }
        Interrupts.wait()
    }
}
