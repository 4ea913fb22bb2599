#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Says why nothing can be measured, and ends the program with 64.
public func stop(_ reason: String) -> Never {
    write(STDERR_FILENO, "error: \(reason)\n", reason.utf8.count + 8)
    exit(64)
}

/// Writes the result of a measurement as a line of JSON; of what is below the point, one digit.
public func report(_ figures: [(name: String, value: Double)]) {
    let members = figures.map { name, value in
        let tenths = (value * 10).rounded() / 10
        return "\"\(name)\": \(tenths == tenths.rounded() && abs(tenths) < 1e15 ? String(Int(tenths)) : String(tenths))"
    }
    print("{\(members.joined(separator: ", "))}")
}
