import Foundation
import Testing

@testable import VLLMClient

@Suite("Numbers of embeddings")
struct EmbeddingDtypeTests {
    private func decode(_ bytes: [UInt8], _ dtype: EmbeddingDtype) throws -> [Float] {
        try Array(Data(bytes).base64EncodedData()).withUnsafeBufferPointer { try dtype.decode(base64: $0) }
    }

    private func expectSame(_ numbers: [Float], _ expected: [Float]) {
        #expect(numbers.map { $0.isNaN ? nil : $0.bitPattern } == expected.map { $0.isNaN ? nil : $0.bitPattern })
    }

    private static let halves = (UInt16.min...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }

    @Test("of 16 bits are exact, all of them")
    func halves() throws {
        expectSame(try decode(Self.halves, .bfloat16), (UInt16.min...UInt16.max).map { Float(bitPattern: UInt32($0) << 16) })
        #if !(os(macOS) && arch(x86_64))
            expectSame(try decode(Self.halves, .float16), (UInt16.min...UInt16.max).map { Float(Float16(bitPattern: $0)) })
        #endif
    }

    @Test("of 8 bits are exact, all of them")
    func quarters() throws {
        let bytes = Array(UInt8.min...UInt8.max)
        // The five bits of exponent are those of float16, whose upper byte this is.
        expectSame(try decode(bytes, .fp8E5M2), try decode(bytes.flatMap { [0, $0] }, .float16))
        let numbers = try decode(bytes, .fp8E4M3)
        expectSame(Array(numbers[..<9]), (0..<9).map { Float($0) / 512 })
        expectSame([numbers[0x38], numbers[0x39], numbers[0x7E], numbers[0x7F]], [1, 1.125, 448, .nan])
        expectSame(numbers[128...].map { -$0 }, Array(numbers[..<128]))
    }

    @Test("of 32 bits are their bytes")
    func floats() throws {
        let numbers: [Float] = [0, -0.0, 1, .pi, .leastNonzeroMagnitude, .infinity, -.greatestFiniteMagnitude, .nan]
        let bytes = numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) } }
        expectSame(try decode(bytes, .float32), numbers)
    }
}
