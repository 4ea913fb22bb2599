import JSON
import Testing
import VLLMSimulator

@Suite("Faults as text, and which requests meet them")
struct FaultRuleTests {
    @Test(
        "a text says fault and requests",
        arguments: [
            ("reset-at-byte=120", FaultRule(.atByte(.reset, 120))),
            ("stall-at-byte=120; count=1", FaultRule(.atByte(.stall, 120), count: 1)),
            ("  garbage ;nth=2;count=3; path=/v1/models", FaultRule(.garbage, path: "/v1/models", nth: 2, count: 3)),
            ("refuse", FaultRule(.refuse(nil))), ("refuse=0.5", FaultRule(.refuse(.milliseconds(500)))),
            ("drip=5; interval-ms=20", FaultRule(.drip(bytes: 5, interval: .milliseconds(20)))),
            (
                "status=503; count=1; retry-after=2; body=a; count=7",
                FaultRule(.status(503, headers: ["Retry-After: 2"], body: "a; count=7"), count: 1)
            ),
            ("sse-split-bytes", FaultRule(.lines(.splitBytes))),
            ("content-type=text/html", FaultRule(.contentType("text/html"))),
        ])
    func parsed(text: String, rule: FaultRule) throws {
        #expect(try FaultRule(parsing: text) == rule)
    }

    @Test("every form that help lists can be written", arguments: SimulatedFault.forms.map(\.usage))
    func forms(usage: String) throws {
        let example = usage.replacing("[=SECONDS]", with: "=1").replacing("NAME: VALUE", with: "a: b")
            .replacing("CODE", with: "500").replacing("=N", with: "=3").replacing("BYTES", with: "3").replacing("MS", with: "3")
        _ = try FaultRule(parsing: example)
    }

    @Test(
        "what cannot be read is named",
        arguments: [
            ("", "no fault is named"), ("; count=1", "no fault is named"),
            ("stall-at-bite=3", "there is no fault \"stall-at-bite\"; did you mean \"stall-at-byte\"?"),
            ("xyz", "there is no fault \"xyz\""),
            ("stall-at-byte", "the fault \"stall-at-byte\": a value is missing: write stall-at-byte=VALUE"),
            ("stall-at-byte=x", "the fault \"stall-at-byte\": \"stall-at-byte\" is \"x\", which is no whole number of 0...1099511627776"),
            ("stall-at-byte=-1", "the fault \"stall-at-byte\": \"stall-at-byte\" is \"-1\", which is no whole number of 0...1099511627776"),
            ("garbage=3", "the fault \"garbage\": it takes no value, as \"3\""),
            ("garbage; cuont=3", "the fault \"garbage\": it takes no \"cuont\""),
            ("garbage; count", "the fault \"garbage\": \"count\" has no value: write count=VALUE"),
            ("garbage; nth=0", "the fault \"garbage\": \"nth\" is \"0\", which is no whole number of 1...1099511627776"),
            ("drip=3", "the fault \"drip\": \"interval-ms\" is missing: write interval-ms=NUMBER"),
            ("drip=3; interval-ms=nan", "the fault \"drip\": \"interval-ms\" is \"nan\", which is no number of 0.0...86400000.0"),
            ("status=99", "the fault \"status\": \"status\" is \"99\", which is no whole number of 200...599"),
            ("status=500; header=x", "the fault \"status\": header \"x\" has no colon: write header=NAME: VALUE"),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: SimulatorError.self) { try FaultRule(parsing: text) }
        #expect(error?.message == message)
    }

    @Test("a header that cannot be read is told to the client")
    func badHeader() throws {
        let simulator = try VLLMSimulator()
        let answer = try ask(simulator, header: "stall")
        #expect(answer.status == "HTTP/1.1 400 Bad Request")
        #expect(answer.body.contains(#"X-Simulator-Fault: there is no fault \"stall\""#))
    }

    @Test("a rule holds for the requests to its path from the nth on, so many of them, and others are answered as ever")
    func counted() throws {
        var options = VLLMSimulator.Options()
        options.faults = [
            FaultRule(.status(503), path: "/version", nth: 2, count: 2), FaultRule(.status(500), path: "/version", nth: 3, count: 2),
            FaultRule(.status(429), path: "*", nth: 8),
        ]
        options.pathPrefix = "/llm"
        let simulator = try VLLMSimulator(options: options)
        let statuses = try (0..<6).map { _ in try ask(simulator, "/llm/version").status.split(separator: " ")[1] }
        #expect(statuses == ["200", "503", "503", "500", "200", "200"])
        #expect(try ask(simulator, "/llm/health").status.contains("200"))
        #expect(try ask(simulator, "/llm/health").status.contains("429"))
    }

    @Test("without a path, a rule is about chat and completions alone")
    func generation() throws {
        var options = VLLMSimulator.Options()
        options.faults = [FaultRule(.status(529))]
        let simulator = try VLLMSimulator(options: options)
        #expect(try ask(simulator, "/v1/models").status.contains("200"))
        #expect(try ask(simulator, "/v1/completions").status.contains("529"))
        #expect(try ask(simulator, "/v1/chat/completions").status.contains("529"))
    }

    @Test("headers are counted by their text, and go before rules")
    func headers() throws {
        var options = VLLMSimulator.Options()
        options.faults = [FaultRule(.status(429), path: "/version", count: 2)]
        let simulator = try VLLMSimulator(options: options)
        let statuses = try ["id=a", "id=a", "id=b", "id=a"].map { id in
            try ask(simulator, header: "status=503; path=/version; count=1; \(id)").status.split(separator: " ")[1]
        }
        #expect(statuses == ["503", "429", "503", "200"])
    }

    private func ask(_ simulator: VLLMSimulator, _ path: String = "/version", header: String? = nil) throws -> RawExchange {
        try RawExchange(port: simulator.port, method: "GET", path: path, headers: header.map { [(FaultRule.headerName, $0)] } ?? [])
    }
}
