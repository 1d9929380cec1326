// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What we wrote, read back: so that a message is always the same thing, wherever it came from.</summary>
internal static class WrittenMessage
{
    // What we write is not held to the limits of what we accept.
    private static readonly ParserLimits Unlimited = new() { MaxHeaderBytes = int.MaxValue / 4, MaxHeaders = int.MaxValue, MaxBodyBytes = int.MaxValue / 4 };

    public static SipMessage Read(ReadOnlySpan<byte> bytes, bool needsVia)
    {
        ParseResult result = SipParser.Parse(bytes, new(Unlimited, IsStream: false, needsVia, Pool: null));
        return result.Outcome == ParseOutcome.Ok ? result.Message!
            : throw new InvalidOperationException($"What was built is not a SIP message: {result.Fault?.Reason}.");
    }

    /// <summary>An answer to a malformed request repeats its faults and is only ever sent, not read.</summary>
    public static SipResponse ReadResponse(ReadOnlySpan<byte> bytes, int statusCode)
    {
        ParseResult result = SipParser.Parse(bytes, Unlimited);
        if (result.Message is SipResponse response)
        {
            return response;
        }

        var memory = MessageMemory.Rent(bytes.Length);
        bytes.CopyTo(memory.Bytes);
        _ = HeaderIndexer.Index(ref memory, Unlimited);
        return default(MessagePool).NewResponse(memory, statusCode, 12..Math.Max(12, memory.StartLineEnd - 2));
    }
}
