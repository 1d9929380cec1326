// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Puts a Via of ours on top of requests (RFC 3261 §18.1.1), and changes it when they go another way.</summary>
internal sealed class OwnVia(ListenerTable listeners, MessagePool messages)
{
    private const int Longest = 256;

    private static ReadOnlySpan<byte> AskForPort => ";rport"u8;

    /// <summary>The request with a Via of ours on top; it is the caller's.</summary>
    /// <param name="edit">The request without that Via.</param>
    /// <param name="flow">The flow that the Via names.</param>
    /// <param name="branch">What stands behind the magic cookie; empty where the Via is there already.</param>
    public SipRequest Build(MessageEdit edit, Flow flow, ReadOnlySpan<byte> branch)
    {
        if (branch.IsEmpty)
        {
            return edit.BuildRequest(messages);
        }
        var start = listeners.NameFor(flow).ViaStart;
        var length = start.Length + branch.Length + AskForPort.Length;
        Span<byte> via = length <= Longest ? stackalloc byte[length] : new byte[length];
        Write(start, branch, via);
        return edit.Prepend(HeaderName.Via, via).BuildRequest(messages);
    }

    /// <inheritdoc cref="Build(MessageEdit, Flow, ReadOnlySpan{byte})"/>
    public SipRequest Build(in RequestText text, Flow flow, ReadOnlySpan<byte> branch)
    {
        var start = listeners.NameFor(flow).ViaStart;
        var length = start.Length + branch.Length + AskForPort.Length;
        Span<byte> via = length <= Longest ? stackalloc byte[length] : new byte[length];
        Write(start, branch, via);
        return text.Build(via, messages);
    }

    /// <summary>The same request by another flow.</summary>
    public SipRequest Renamed(SipRequest request, Flow flow)
    {
        var branch = request.TopViaView.Branch[Via.MagicCookie.Length..];
        return Build(MessageEdit.Of(request).RemoveFirstValue(HeaderName.Via), flow, branch);
    }

    /// <summary>The same request by another transport, and by the same name.</summary>
    public SipRequest WithTransport(SipRequest request, SipTransport transport)
    {
        if (request.TopViaView.Transport == transport)
        {
            return request;
        }
        var via = request.TopVia;
        return MessageEdit.Of(request).ReplaceFirstValue(HeaderName.Via, via.Over(transport, via.SentBy).ToString()).BuildRequest(messages);
    }

    private static void Write(ReadOnlySpan<byte> start, ReadOnlySpan<byte> branch, Span<byte> via)
    {
        start.CopyTo(via);
        branch.CopyTo(via[start.Length..]);
        AskForPort.CopyTo(via[(start.Length + branch.Length)..]);
    }
}
