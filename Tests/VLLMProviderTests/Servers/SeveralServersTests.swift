import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMClient

@testable import VLLMProvider

@Suite("Several servers", .timeLimit(.minutes(2)))
struct SeveralServersTests {
    private let time = ManualClock()

    /// What the next calls are answered, until one server answers; probes go on beside the calls, so some calls may come too early.
    private func answers(of provider: VLLMProvider, until server: String, model: String = "m") async -> Bool {
        for _ in 1...10_000 {
            if let answer = try? await provider.complete(asking(model)), answer.text == "from \(server)" { return true }
            await Task.yield()
        }
        return false
    }

    private func asking(_ model: String) -> ChatRequest { ChatRequest(messages: [.user("Hi")], model: model) }

    @Test("a server that fails is left alone, the next one answers, and the first one again when a probe has found it well")
    func ejectionAndReturn() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .down), "b": .init()])
        let provider = try fleet.provider(clock: time.clock)
        for _ in 1...3 { #expect(await provider.failure()?.code == .network) }
        #expect(try await provider.ask("Hi").text == "from b")
        time.advance(by: .seconds(31))
        #expect(try await provider.ask("Hi").text == "from b", "it has not been found well")
        fleet.change("a") { $0.state = .well }
        time.advance(by: .seconds(6))
        #expect(await answers(of: provider, until: "a"))
        #expect(try await provider.ask("Hi").text == "from a")
    }

    @Test("26: a paused engine, whose /health says 200, is not asked before its cooldown is over")
    func pausedEngine() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .paused), "b": .init()])
        let provider = try fleet.provider(clock: time.clock)
        for _ in 1...3 { #expect(await provider.failure()?.code == .timeout) }
        for _ in 1...5 {
            time.advance(by: .seconds(5))
            #expect(try await provider.ask("Hi").text == "from b")
        }
        time.advance(by: .seconds(5))
        fleet.change("a") { $0.state = .well }
        #expect(await answers(of: provider, until: "a"))
    }

    @Test("with all servers down calls end at once, without asking, in an error that says so")
    func allDown() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .paused), "b": .init(state: .paused)])
        let provider = try fleet.provider(["circuit_breaker_threshold": 1], clock: time.clock)
        for _ in 1...2 { _ = await provider.failure() }
        let error = try #require(await provider.failure())
        #expect(fleet.asked == ["a", "b"])
        #expect(error.code == .unavailable)
        #expect(error.provider == "vllm")
        #expect(error.retryAfter == .seconds(30))
    }

    @Test("least_busy: the first call already goes where others have less to do")
    func leastBusy() async throws {
        let fleet = ScriptedFleet(["a": .init(requestCount: 4), "b": .init(requestCount: 2), "c": .init(requestCount: 3)])
        let provider = try fleet.provider(["server_selection": "least_busy"], clock: time.clock)
        #expect(try await provider.ask("Hi").text == "from b")
        fleet.change("b") { $0.requestCount = 9 }
        time.advance(by: .seconds(20))
        #expect(try await provider.ask("Hi").text == "from c")
    }

    @Test("least_busy: a server that cannot be reached is the last to be asked, before any call has failed there")
    func leastBusyUnreachable() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .down), "b": .init(requestCount: 100)])
        let provider = try fleet.provider(["server_selection": "least_busy"], clock: time.clock)
        #expect(try await provider.ask("Hi").text == "from b")
    }

    @Test("least_busy: a server that does not tell soon how busy it is holds up the first call for a moment only")
    func leastBusySlow() async throws {
        let fleet = ScriptedFleet(["a": .init(metrics: .hanging), "b": .init(metrics: .hanging)])
        let provider = try fleet.provider(["server_selection": "least_busy"], clock: time.clock)
        let call = Task { try await provider.ask("Hi").text }
        // The call, and the question itself.
        await time.waitForSleepers(2, of: call)
        #expect(time.alarms.first == time.now + .milliseconds(250))
        time.advance(by: .milliseconds(250))
        #expect(try await call.value == "from a")
    }

    @Test("least_busy: servers that do not tell are asked in turn by what they have of ours")
    func leastBusyUntold() async throws {
        let fleet = ScriptedFleet(["a": .init(), "b": .init()])
        let provider = try fleet.provider(["server_selection": "least_busy"])
        let need = LeaseNeed(tokens: 0, timeout: .seconds(60), deadline: .now + .seconds(60))
        let leases = [try await provider.core.lease(need), try await provider.core.lease(need)]
        #expect(leases.map { $0.core.settings.baseURL.description } == ["http://a", "http://b"])
        leases[0].succeeded(tokens: nil)
        #expect(try await provider.ask("Hi").text == "from a")
    }

    @Test("listModels has the models of all servers, each once with the smaller window, and does without a server that is down")
    func models() async throws {
        let fleet = ScriptedFleet([
            "a": .init(models: ["m", "x"], window: 4096), "b": .init(models: ["y", "m"], window: 2048), "c": .init(state: .down),
        ])
        let provider = try fleet.provider()
        let models = try await provider.listModels()
        #expect(models.map(\.id) == ["m", "x", "y"])
        #expect(models.map(\.contextWindow) == [2048, 4096, 2048])
        #expect(provider.modelInfo?.contextWindow == 2048)
        for name in ["a", "b"] { fleet.change(name) { $0.state = .down } }
        let error = await thrown { () throws(ProviderError) in _ = try await provider.listModels() }
        #expect(error?.message.contains("http://a") == true, "the first server's error")
    }

    @Test("prepare finds out what all servers have")
    func preparation() async throws {
        let fleet = ScriptedFleet(["a": .init(window: 4096), "b": .init(window: 1024), "c": .init(state: .down)])
        let provider = try fleet.provider()
        await provider.prepare()
        #expect(provider.modelInfo?.contextWindow == 1024)
    }

    @Test("a model goes to a server that has it")
    func serverOfModel() async throws {
        let fleet = ScriptedFleet(["a": .init(models: ["m"]), "b": .init(models: ["other"])])
        let provider = try fleet.provider()
        await provider.prepare()
        #expect(try await provider.complete(asking("other")).text == "from b")
        #expect(try await provider.ask("Hi").text == "from a")
    }

    @Test("a model that no server has does not make forget which one has the others")
    func unknownModel() async throws {
        let fleet = ScriptedFleet(["a": .init(models: ["m"]), "b": .init(models: ["other"])])
        let provider = try fleet.provider()
        await provider.prepare()
        let error = await thrown { () throws(ProviderError) in _ = try await provider.complete(asking("nowhere")) }
        #expect(error?.code == .notFound)
        #expect(try await provider.complete(asking("other")).text == "from b")
    }

    @Test("an adapter that is loaded later is found: servers are asked again for what they lack, and no more than once a minute")
    func laterAdapter() async throws {
        let fleet = ScriptedFleet(["a": .init(), "b": .init()])
        let provider = try fleet.provider(clock: time.clock)
        await provider.prepare()
        let before = fleet.count("b", "/v1/models")
        for _ in 1...3 { _ = try? await provider.complete(asking("adapter")) }
        #expect(await fleet.isAsked("b", for: "/v1/models", times: before + 1))
        #expect(fleet.count("b", "/v1/models") == before + 1)
        fleet.change("b") { $0.models = ["m", "adapter"] }
        time.advance(by: .seconds(61))
        #expect(await answers(of: provider, until: "b", model: "adapter"))
    }

    @Test("what is asked beside the calls has the provider's header fields, and not those of a call")
    func probeHeaders() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .down), "b": .init()])
        let provider = try fleet.provider(["circuit_breaker_threshold": 1, "headers": ["X-Own": "1"]], clock: time.clock)
        let options: JSONObject = ["headers": ["X-Call": "secret"]]
        _ = await provider.failure(options: options)
        time.advance(by: .seconds(6))
        _ = try await provider.ask("Hi", options: options)
        #expect(await fleet.isAsked("a", for: "/health"))
        let probe = try #require(fleet.requests.first { $0.path == "/health" })
        #expect(probe.headers["X-Own"] == "1")
        #expect(probe.headers["X-Call"] == nil)
    }

    @Test("the session is told each time that a server is left alone, and that it is back")
    func news() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .down), "b": .init()])
        let events = EventCollector()
        let settings: JSONObject = ["circuit_breaker_threshold": 1, "health_check_interval": 0]
        let provider = try fleet.provider(settings, events: events, clock: time.clock)
        for _ in 1...2 {
            fleet.change("a") { $0.state = .down }
            _ = await provider.failure()
            fleet.change("a") { $0.state = .well }
            time.advance(by: .seconds(31))
            #expect(try await provider.ask("Hi").text == "from a")
        }
        let news = events.named(EventName.providerWarning)
        #expect(news.map { $0["circuit"] } == ["open", "closed", "open", "closed"])
        #expect(news.allSatisfy { $0["server"] == "http://a" })
    }

    @Test("a call that waits for a full server goes to one that a probe has found well")
    func probeForWaiting() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .down), "b": .init()])
        let settings: JSONObject = ["circuit_breaker_threshold": 1, "max_concurrent_requests": 1]
        let provider = try fleet.provider(settings, clock: time.clock)
        _ = await provider.failure()
        let need = LeaseNeed(tokens: 0, timeout: .seconds(600), deadline: time.now + .seconds(600))
        let busy = try await provider.core.lease(need)
        fleet.change("a") { $0.state = .well }
        async let answer = provider.ask("Hi")
        // The end of the call's time, and the probe.
        await time.waitForSleepers(2)
        time.advance(by: .seconds(5))
        #expect(try await answer.text == "from a")
        busy.abandoned()
    }

    @Test("while a question how busy the servers are is under way, no other is put")
    func onePoll() async throws {
        let fleet = ScriptedFleet(["a": .init(metrics: .hanging), "b": .init(requestCount: 1)])
        let provider = try fleet.provider(["server_selection": "least_busy"], clock: time.clock)
        let first = Task { try await provider.ask("Hi") }
        #expect(await fleet.isAsked("a", for: "/metrics"))
        for _ in 1...4 {
            time.advance(by: .seconds(2))
            _ = try await provider.ask("Hi")
        }
        #expect(fleet.count("b", "/metrics") == 1)
        first.cancel()
    }

    @Test("what is known of a server is used for that one: its only model, where none is named")
    func ownModel() async throws {
        let fleet = ScriptedFleet(["a": .init(models: ["m-a"], state: .down), "b": .init(models: ["m-b"])])
        let provider = try fleet.provider(["default_model": .null, "circuit_breaker_threshold": 1])
        #expect(await provider.failure()?.code == .network)
        #expect(try await provider.ask("Hi").text == "from b")
        #expect(provider.modelInfo?.id == "m-b")
    }
}
