// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>
/// A whole request but for the Via of who sends it, as octets that its writer vouches for: they are sent as they are, and read only when somebody asks for
/// one of its fields.
/// </summary>
/// <param name="method">The method, as the octets begin with it.</param>
/// <param name="octets">Request-Line, header fields with the Content-Length of the body, empty line, body (RFC 3261 §7).</param>
/// <param name="bodyLength">So many of the octets, the last ones, are the body.</param>
public readonly ref struct RequestText(SipMethod method, ReadOnlySpan<byte> octets, int bodyLength)
{
    private readonly ReadOnlySpan<byte> _octets = octets;

    private static ReadOnlySpan<byte> Version => " SIP/2.0"u8;

    /// <summary>The method.</summary>
    public SipMethod Method { get; } = method;

    /// <summary>The request with a Via on top.</summary>
    /// <param name="via">The value of the Via, on one line; none when empty.</param>
    /// <param name="pool">Where the message goes back to when it is disposed; nowhere when null.</param>
    public SipRequest Build(ReadOnlySpan<byte> via, MessagePool? pool = null)
    {
        int line = _octets.IndexOf("\r\n"u8);
        SipRequest request = MessagePool.Request(pool, _octets.Length + HeaderNames.FieldStart(HeaderName.Via).Length + via.Length + 2);
        var writer = new SipWriter(request.Unindexed.Bytes);
        writer.Raw(_octets[..(line + 2)]);
        if (!via.IsEmpty)
        {
            writer.Field(HeaderName.Via, via);
        }

        writer.Raw(_octets[(line + 2)..]);
        request.Unindexed.Written(writer, line + 2, writer.Length - bodyLength);
        request.Set(Method, Method.Name.Length + 1, line - Version.Length);
        return request;
    }
}
