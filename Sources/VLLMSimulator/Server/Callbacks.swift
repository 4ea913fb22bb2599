internal import CMicrohttpd

// What libmicrohttpd calls, on the threads of its connections. The functions are named because a closure would carry
// the isolation of the code around it to those threads.

/// Is called when the head of a request is there, for each piece of its body, and when all of it is.
func handleAccess(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?, method: UnsafePointer<CChar>?,
    version: UnsafePointer<CChar>?, data: UnsafePointer<CChar>?, size: UnsafeMutablePointer<Int>?,
    state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let connection, let url, let method, let size, let state else { return .NO }
    let core = Unmanaged<Core>.fromOpaque(context).takeUnretainedValue()
    guard let opened = state.pointee else {
        let request = SimulatedRequest(method: String(cString: method), path: String(cString: url), headers: requestHeaders(connection))
        let exchange = Exchange(request, waiter: Waiter(socket: cmicrohttpd_socket(connection), stop: core.stopping.descriptor))
        state.pointee = Unmanaged.passRetained(exchange).toOpaque()
        // Until it is answered, a connection is not idle.
        cmicrohttpd_set_timeout(connection, 0)
        return .YES
    }
    let exchange = Unmanaged<Exchange>.fromOpaque(opened).takeUnretainedValue()
    if size.pointee > 0 {
        exchange.append(UnsafeRawBufferPointer(start: data, count: size.pointee))
        size.pointee = 0
        return .YES
    }
    guard let reply = core.reply(to: exchange.request, isTooLarge: exchange.isTooLarge) else { return .NO }
    exchange.isReceived = true
    guard exchange.pass(reply.before) else { return .NO }
    guard let fault = reply.wireFault else { return queue(reply, for: exchange, on: connection) }
    let reason = String(cString: MHD_get_reason_phrase_for(UInt32(reply.status)))
    exchange.write(WireParts(reply, reason: reason, fault: fault), session: cmicrohttpd_tls_session(connection))
    // It closes the connection.
    return .NO
}

/// Is called when a request is over, however it ended.
func handleCompleted(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    how: MHD_RequestTerminationCode
) {
    guard let context, let connection, let opened = state?.pointee else { return }
    state?.pointee = nil
    let exchange = Unmanaged<Exchange>.fromOpaque(opened).takeRetainedValue()
    guard exchange.isReceived else { return }
    let core = Unmanaged<Core>.fromOpaque(context).takeUnretainedValue()
    cmicrohttpd_set_timeout(connection, core.idleSeconds)
    core.finish(exchange.request, isComplete: exchange.isWritten || how == .REQUEST_TERMINATED_COMPLETED_OK)
}

/// Gives libmicrohttpd the next piece of a body.
private func readBody(context: UnsafeMutableRawPointer?, position: UInt64, buffer: UnsafeMutablePointer<CChar>?, size: Int) -> Int {
    guard let context else { return Int(MHD_CONTENT_READER_END_WITH_ERROR) }
    return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().read(
        into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
}

private func addHeader(
    context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?, value: UnsafePointer<CChar>?
) -> MHD_Result {
    guard let headers = context?.assumingMemoryBound(to: [(name: String, value: String)].self), let name else { return .NO }
    headers.pointee.append((String(cString: name), value.map { String(cString: $0) } ?? ""))
    return .YES
}

private func requestHeaders(_ connection: OpaquePointer) -> [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    withUnsafeMutablePointer(to: &headers) { _ = MHD_get_connection_values(connection, .HEADER_KIND, addHeader, $0) }
    return headers
}

private func queue(_ reply: Reply, for exchange: Exchange, on connection: OpaquePointer) -> MHD_Result {
    var response: OpaquePointer?
    switch reply.body {
    case .whole(let bytes):
        // libmicrohttpd copies the bytes, so that the cast from const takes nothing away.
        response = bytes.withUnsafeBytes {
            MHD_create_response_from_buffer($0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
        }
    case .parts(let source, let length):
        exchange.start(source)
        let block = 64 << 10
        response = MHD_create_response_from_callback(
            length.map(UInt64.init) ?? UInt64.max, block, readBody, Unmanaged.passUnretained(exchange).toOpaque(), nil)
    }
    guard let response else { return .NO }
    defer { MHD_destroy_response(response) }
    for (name, value) in reply.fields { _ = MHD_add_response_header(response, name, value) }
    return MHD_queue_response(connection, UInt32(reply.status), response)
}
