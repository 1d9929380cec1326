// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>Reads messages (RFC 3261 §7). Never throws on bad input: what is wrong is said in the result.</summary>
public static class SipParser
{
    /// <summary>How a message is to be read. One that we made has no Via before it is sent.</summary>
    internal readonly record struct Reading(ParserLimits Limits, bool IsStream, bool NeedsVia, MessagePool? Pool);

    private const int RoomForStamp = 64; // for received and rport

    private static readonly SipFault NoStartLine = new(400, "Malformed start line");
    private static readonly SipFault Empty = new(400, "Empty message");

    /// <summary>Reads one message. The message owns a copy of its bytes.</summary>
    /// <param name="datagram">The bytes. Line ends before the start line are skipped (RFC 3261 §7.5).</param>
    /// <param name="limits">The limits; the default ones when null.</param>
    /// <param name="isStream">Whether the bytes came framed off a stream: then Content-Length must be there and fit exactly.</param>
    public static ParseResult Parse(ReadOnlySpan<byte> datagram, ParserLimits? limits = null, bool isStream = false) =>
        Parse(datagram, new Reading(limits ?? ParserLimits.Default, isStream, NeedsVia: true, Pool: null));

    /// <summary>Reads one message into a pooled one, which goes back to the pool when it is disposed.</summary>
    public static ParseResult Parse(ReadOnlySpan<byte> datagram, MessagePool pool, ParserLimits? limits = null, bool isStream = false) =>
        Parse(datagram, new Reading(limits ?? ParserLimits.Default, isStream, NeedsVia: true, pool));

    internal static ParseResult Parse(ReadOnlySpan<byte> datagram, Reading reading)
    {
        ParserLimits limits = reading.Limits;
        while (!datagram.IsEmpty && datagram[0] is (byte)'\r' or (byte)'\n')
        {
            datagram = datagram[1..];
        }

        if (datagram.IsEmpty)
        {
            return new(ParseOutcome.Unreadable, null, Empty);
        }

        if (datagram.Length > limits.MaxHeaderBytes + limits.MaxBodyBytes)
        {
            datagram = datagram[..limits.MaxHeaderBytes]; // enough to answer 513
        }

        bool isResponse = datagram.StartsWith("SIP/"u8);
        SipMessage message = isResponse ? MessagePool.Response(reading.Pool, datagram.Length) : MessagePool.Request(reading.Pool, datagram.Length + RoomForStamp);
        ref MessageMemory memory = ref message.Unindexed;
        datagram.CopyTo(memory.Bytes);
        memory.Length = datagram.Length;
        SipFault? fault = HeaderIndexer.Index(ref memory, limits);
        message.IsIndexedNow();
        var line = memory.Span[..memory.StartLineEnd];
        line = line.EndsWith("\r\n"u8) ? line[..^2] : line;
        return isResponse ? Response((SipResponse)message, line, fault, reading) : Request((SipRequest)message, line, fault, reading);
    }

    private static ParseResult Request(SipRequest request, ReadOnlySpan<byte> line, SipFault? fault, Reading reading)
    {
        int methodEnd = Scan.Over(line, 0, Characters.Token);
        bool isUsual = line.EndsWith(" SIP/2.0"u8);
        if (methodEnd == line.Length || line[methodEnd] != ' ' || !SipMethod.TryRead(line[..methodEnd], out SipMethod method) || (!isUsual && line[methodEnd..].IndexOf("SIP/"u8) < 0))
        {
            return Drop(request, fault ?? NoStartLine);
        }

        int versionStart = isUsual ? line.Length - "SIP/2.0".Length : line.LastIndexOf((byte)' ') + 1;
        request.Set(method, methodEnd + 1, Math.Max(methodEnd + 1, versionStart - 1));
        fault ??= (isUsual ? null : Version(line[versionStart..])) ?? request.CheckUri() ?? request.CheckMandatory(method, reading.NeedsVia);
        fault = Body(ref request.Unindexed, fault, reading);
        return new(fault is null ? ParseOutcome.Ok : ParseOutcome.Malformed, request, fault);
    }

    private static ParseResult Response(SipResponse response, ReadOnlySpan<byte> line, SipFault? fault, Reading reading)
    {
        // Status-Line = "SIP/2.0" SP 3DIGIT SP Reason-Phrase; a missing last SP is let through.
        if (!line.StartsWith("SIP/2.0 "u8) || line.Length < 11 || !Numbers.TryParse(line[8..11], 699, out uint status) || status < 100
            || (line.Length > 11 && line[11] != ' '))
        {
            return Drop(response, fault ?? NoStartLine);
        }

        fault ??= response.CheckMandatory(method: null, needsVia: true);
        fault = Body(ref response.Unindexed, fault, reading);
        response.Set((int)status, Math.Min(12, line.Length), line.Length);
        return fault is null ? new(ParseOutcome.Ok, response, null) : Drop(response, fault);
    }

    private static SipFault? Version(ReadOnlySpan<byte> version) =>
        Ascii.EqualsIgnoreCase(version, "SIP/2.0"u8) ? null
        : version.StartsWith("SIP/"u8) && version.Length > 4 ? new(505, "Version Not Supported")
        : new(400, "Malformed Request-Line");

    private static SipFault? Body(ref MessageMemory memory, SipFault? fault, Reading reading)
    {
        SipFault? lengthFault = MandatoryHeaders.ContentLength(memory, out int length);
        int present = memory.Length - memory.BodyStart;
        lengthFault ??= (length < 0 ? present : length) > reading.Limits.MaxBodyBytes ? new(413, "Body too large") // RFC 3261 §21.4.11
            : length > present ? new(400, "Content-Length larger than the body")
            : reading.IsStream && length < 0 ? new(400, "Missing Content-Length") // RFC 3261 §18.3
            : null;
        if (lengthFault is null && length >= 0)
        {
            memory.Length = memory.BodyStart + length; // RFC 3261 §18.3: octets beyond the body are discarded
        }

        return fault ?? lengthFault;
    }

    private static ParseResult Drop(SipMessage message, SipFault fault)
    {
        message.Dispose();
        return new(ParseOutcome.Unreadable, null, fault);
    }
}
