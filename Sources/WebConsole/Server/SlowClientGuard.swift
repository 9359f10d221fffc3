// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes connections of clients that send or read too slowly, so that they cannot occupy the server (slow loris).
///
/// A request's head must be complete within `head` of the connection's start or of the answer before, its body within
/// `body` of the head, and a client that reads nothing for `write` while something waits for it is gone.
final class SlowClientGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a client may take.
    struct Limits: Sendable {
        var head: TimeAmount = .seconds(20)
        var body: TimeAmount = .seconds(30)
        var write: TimeAmount = .seconds(60)
    }

    private let limits: Limits
    private var reading: Scheduled<Void>?
    private var writing: Scheduled<Void>?

    init(_ limits: Limits = Limits()) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { expectHead(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        expectHead(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head: schedule(&reading, after: limits.body, context)
        case .body: break
        case .end:
            reading?.cancel()
            reading = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = Self.unwrapOutboundIn(data) { expectHead(context) }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            writing?.cancel()
            writing = nil
        } else {
            schedule(&writing, after: limits.write, context)
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    private func expectHead(_ context: ChannelHandlerContext) { schedule(&reading, after: limits.head, context) }

    private func schedule(_ slot: inout Scheduled<Void>?, after time: TimeAmount, _ context: ChannelHandlerContext) {
        slot?.cancel()
        let channel = context.channel
        slot = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    private func stop() {
        reading?.cancel()
        writing?.cancel()
        (reading, writing) = (nil, nil)
    }
}
