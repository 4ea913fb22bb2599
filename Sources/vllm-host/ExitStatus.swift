import ArgumentParsing
import Configuration
import HostSession
import JSON
import ProviderKit
import SessionLog
import VLLMSimulator

/// The program's exit codes (after sysexits(3)), and which failure ends with which.
enum ExitStatus {
    static let done: Int32 = 0
    static let failure: Int32 = 1
    static let incomplete: Int32 = 2
    static let different: Int32 = 3
    static let usage: Int32 = 64
    static let badInput: Int32 = 65
    static let noSuchFile: Int32 = 66
    static let unavailable: Int32 = 69
    static let internalError: Int32 = 70
    static let tryAgain: Int32 = 75
    static let malformedReply: Int32 = 76
    static let notAuthorised: Int32 = 77
    static let configuration: Int32 = 78
    static let interrupted: Int32 = 130
    static let brokenPipe: Int32 = 141

    static let table = [
        ExitCode(0, "done"), ExitCode(1, "another failure"),
        ExitCode(2, "some of many calls failed or could not be made, or some of many logs could not be read"),
        ExitCode(3, "sessions differ by more than they may"), ExitCode(64, "the command line is wrong"),
        ExitCode(65, "the input is wrong: a prompt that is too long, a request that the server refuses"),
        ExitCode(66, "there is no such file"), ExitCode(69, "the server cannot be reached, or cannot answer"),
        ExitCode(70, "a bug of this program"), ExitCode(75, "try again later: rate limited, timed out, or no server is asked for now"),
        ExitCode(76, "the server's reply is malformed or broke off"), ExitCode(77, "not authorised: the API key is wrong"),
        ExitCode(78, "the configuration is wrong, or names a model that the server does not have"),
        ExitCode(129, "ended by SIGHUP: the terminal was closed"), ExitCode(130, "interrupted by Ctrl-C"),
        ExitCode(141, "the reader of standard output went away"), ExitCode(143, "ended by SIGTERM"),
    ]

    /// The code that a failure ends with.
    static func code(of error: any Error) -> Int32 {
        switch error {
        case is UsageError: usage
        case let error as InputError: error.isMissingFile ? noSuchFile : badInput
        case is SimulatorError: unavailable
        case let error as ConfigurationError: error.isFileNotFound ? noSuchFile : configuration
        // Servers that have failed before are left alone for a while: nobody has found out whether they still do.
        case let error as ProviderError: error.details["circuit"] == "open" ? tryAgain : code(of: error.code)
        case let error as HostError: code(of: error.code)
        default: failure
        }
    }

    private static func code(of code: ProviderError.Code) -> Int32 {
        switch code {
        case .authentication, .accessDenied: notAuthorised
        case .configuration, .notFound: configuration
        case .contextLength, .invalidRequest: badInput
        case .network, .unavailable: unavailable
        case .rateLimit, .timeout: tryAgain
        case .stream, .invalidToolCall: malformedReply
        case .cancelled: interrupted
        default: failure
        }
    }

    private static func code(of code: HostError.Code) -> Int32 {
        switch code {
        case .moduleNotFound, .pluginFailed, .noProvider, .duplicateTool: configuration
        case .resume: badInput
        case .log, .tooManyIterations, .notReady: failure
        }
    }
}
