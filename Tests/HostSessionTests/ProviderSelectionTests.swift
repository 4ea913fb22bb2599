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
        #expect(selection.selected == chosen)
        selection.chosen = nil
        #expect(selection.selected == "a")
        var first = self.selection(failsOver: false)
        first.failed("a", Self.failure, isOfPrompt: false, now: Self.start)
        #expect(candidates(first) == ["a"])
    }

    @Test("a change is told with its reason, and only a change")
    func changes() {
        var selection = selection()
        #expect(selection.asks("a") == nil)
        #expect(selection.asks("a") == nil)
        selection.failed("a", Self.failure, isOfPrompt: false, now: Self.start)
        #expect(selection.asks("b") == ProviderSelection.Change(previous: "a", reason: .failed(Self.failure)))
        #expect(selection.asks("b") == nil)
        #expect(selection.asks("a") == ProviderSelection.Change(previous: "b", reason: .priority))
        selection.chosen = "c"
        #expect(selection.asks("c") == ProviderSelection.Change(previous: "a", reason: .chosen))
        selection.chosen = nil
        #expect(selection.asks("a") == ProviderSelection.Change(previous: "c", reason: .priority))
    }
}
