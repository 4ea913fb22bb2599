import Locks
import Replay

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Plays a session back on the terminal, or as plain text, and does what keys say.
struct PlaybackScreen {
    private let terminal: Terminal

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Plays to the end, or until somebody quits.
    func play(_ schedule: PlaybackSchedule) async {
        let keyboard = Keyboard(isWanted: terminal.isInteractive)
        // Nothing is to be brought to an end but the terminal.
        Interrupts.listen { cause in
            keyboard.restore()
            _exit(cause.exitCode)
        }
        // It waits for keys, for which the threads of tasks are not there.
        await BackgroundThread.run { run(schedule, keyboard) }
        keyboard.restore()
    }

    private func run(_ schedule: PlaybackSchedule, _ keyboard: Keyboard) {
        var schedule = schedule
        var text = PlaybackText(terminal)
        defer { terminal.print(text.ending) }
        while true {
            let timeout: Duration?
            switch schedule.next(now: .now) {
            case .show(let events):
                terminal.print(events.map { text.text(of: $0) }.joined())
                timeout = .zero
            case .wait(let due): timeout = max(due - .now, .zero)
            case .paused: timeout = nil
            case .over: return
            }
            if schedule.isPaused, timeout == nil { terminal.print(text.pauseMark) }
            let keys = keyboard.keys(within: timeout)
            if schedule.isPaused, timeout == nil { terminal.print(text.pauseMarkEnd) }
            for key in keys {
                switch key {
                case .quit: return
                case .pause: schedule.togglePause(now: .now)
                case .step: schedule.step(now: .now)
                case .faster: schedule.changeSpeed(by: 2, now: .now)
                case .slower: schedule.changeSpeed(by: 0.5, now: .now)
                }
            }
        }
    }
}
