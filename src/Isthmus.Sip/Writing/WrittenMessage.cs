// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>What we wrote, read back at once: for who says what goes into a message, and wants to hear at once that it makes none.</summary>
internal static class WrittenMessage
{
    /// <summary>What we write is not held to the limits of what we accept.</summary>
    public static readonly ParserLimits Unlimited = new() { MaxHeaderBytes = int.MaxValue / 4, MaxHeaders = MessageMemory.MostFields, MaxBodyBytes = int.MaxValue / 4 };

    public static SipMessage Read(ReadOnlySpan<byte> bytes, MessagePool? pool)
    {
        ParseResult result = SipParser.Parse(bytes, new(Unlimited, IsStream: false, NeedsVia: false, pool));
        return result.Outcome == ParseOutcome.Ok ? result.Message!
            : throw new InvalidOperationException($"What was built is not a SIP message: {result.Fault?.Reason}.");
    }
}
