import ProviderKit
import Testing

@testable import HostSession

@Suite("Which of several providers is asked")
struct ProviderSelectionTests {
    private static let start = ContinuousClock.now
    private static let failure = ProviderSelection.Failure(ProviderError(.network, "connection refused"))

    private func selection(failsOver: Bool = true, chosen: String? = nil) -> ProviderSelection {
        ProviderSelection(["a", "b", "c"], failsOver: failsOver, cooldown: .seconds(60), chosen: chosen)
    }

    private func candidates(_ selection: ProviderSelection, after seconds: Int = 0) -> [String] {
        selection.candidates(now: Self.start + .seconds(seconds))
    }

    @Test("one that has failed is asked behind the others until the time is over")
    func cooldown() {
        var selection = selection()
        #expect(candidates(selection) == ["a", "b", "c"])
        selection.failed("a", Self.failure, isOfPrompt: false, now: Self.start)
        #expect(candidates(selection) == ["b", "c", "a"])
        #expect(candidates(selection, after: 59) == ["b", "c", "a"])
        #expect(candidates(selection, after: 60) == ["a", "b", "c"])
        selection.failed("b", Self.failure, isOfPrompt: false, now: Self.start + .seconds(30))
        #expect(candidates(selection, after: 59) == ["c", "a", "b"])
        #expect(candidates(selection, after: 60) == ["a", "c", "b"])
        // When all have failed, it is by priority again.
        selection.failed("c", Self.failure, isOfPrompt: false, now: Self.start + .seconds(30))
        #expect(candidates(selection, after: 40) == ["a", "b", "c"])
    }

    @Test("one that answers is asked first again, and so is one whose prompt was to blame")
    func answered() {
        var selection = selection()
        selection.failed("a", Self.failure, isOfPrompt: false, now: Self.start)
        selection.answered("a")
        #expect(candidates(selection) == ["a", "b", "c"])
        selection.failed("a", Self.failure, isOfPrompt: true, now: Self.start)
        #expect(candidates(selection) == ["a", "b", "c"])
    }

    @Test("one that was chosen is asked alone, and without fail-over so is the first, whatever has failed", arguments: ["a", "b"])
    func alone(chosen: String) {
        var selection = selection(chosen: chosen)
        selection.failed(chosen, Self.failure, isOfPrompt: false, now: Self.start)
        #expect(candidates(selection) == [chosen])
        selection.chosen = nil
        #expect(candidates(selection).last == chosen)
        var first = self.selection(failsOver: false)
        first.failed("a", Self.failure, isOfPrompt: false, now: Self.start)
        #expect(candidates(first) == ["a"])
    }

    @Test("one is left alone that has failed, until its time is over, and where others may take its place")
    func leftAlone() {
        for failsOver in [true, false] {
            var selection = selection(failsOver: failsOver)
            selection.failed("a", Self.failure, isOfPrompt: false, now: Self.start)
            #expect(selection.isLeftAlone("a", now: Self.start + .seconds(59)) == failsOver)
            #expect(!selection.isLeftAlone("a", now: Self.start + .seconds(60)))
            #expect(!selection.isLeftAlone("b", now: Self.start))
        }
    }

    /// The reason that asking one now is told with.
    private func reason(
        _ selection: inout ProviderSelection, _ name: String, behind failure: ProviderSelection.Failure? = nil, isChosen: Bool = false
    ) -> ProviderSelection.Change.Reason? {
        selection.asks(name, behind: failure, isChosen: isChosen)?.reason
    }

    @Test("a change is told with its reason, and only a change")
    func changes() {
        var selection = selection()
        #expect(selection.asks("a", behind: nil, isChosen: false) == nil)
        #expect(selection.asks("a", behind: nil, isChosen: false) == nil)
        let change = selection.asks("b", behind: Self.failure, isChosen: false)
        #expect(change == ProviderSelection.Change(previous: "a", reason: .failed(Self.failure)))
        #expect(reason(&selection, "b") == nil)
        #expect(reason(&selection, "a") == .priority)
        #expect(reason(&selection, "c", isChosen: true) == .chosen)
        #expect(reason(&selection, "a") == .priority)
    }

    @Test("one that comes later is asked because of the failure for which the one before is left alone")
    func earlierFailure() {
        var selection = selection()
        #expect(reason(&selection, "a", isChosen: true) == nil)
        selection.failed("a", Self.failure, isOfPrompt: false, now: Self.start)
        #expect(reason(&selection, "b") == .failed(Self.failure))
    }

    @Test("the reason is what happened at this prompt: no older failure, and nobody who was chosen meanwhile")
    func reasonOfPrompt() {
        var selection = selection()
        let late = ProviderSelection.Failure(ProviderError(.timeout, "too slow"))
        _ = reason(&selection, "b")
        selection.failed("b", Self.failure, isOfPrompt: false, now: Self.start)
        // It comes first: that the other one has failed is no reason.
        #expect(reason(&selection, "a") == .priority)
        selection.failed("a", Self.failure, isOfPrompt: false, now: Self.start)
        selection.chosen = "c"
        #expect(reason(&selection, "b", behind: late) == .failed(late))
    }
}
