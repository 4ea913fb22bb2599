#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Says why nothing can be measured, and ends the program: with 64, where it was asked for what there is not.
public func stop(_ reason: String, status: Int32 = 64) -> Never {
    write(STDERR_FILENO, "error: \(reason)\n", reason.utf8.count + 8)
    exit(status)
}

/// Measures. What goes wrong is told, and ends the program with 1.
public func measuring(_ body: () async throws -> Void) async {
    do { try await body() } catch { stop("\(error)", status: 1) }
}

/// Writes the result of a measurement as a line of JSON; of what is below the point, one digit.
public func report(_ figures: [(name: String, value: Double)]) {
    let members = figures.map { name, value in
        let tenths = (value * 10).rounded() / 10
        return "\"\(name)\": \(tenths == tenths.rounded() && abs(tenths) < 1e15 ? String(Int(tenths)) : String(tenths))"
    }
    print("{\(members.joined(separator: ", "))}")
}
