// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Fuzz.Targets;

/// <summary>The stream framer: the same messages however the stream is cut, and never another length than the parser's.</summary>
internal sealed class StreamTarget : ITarget
{
    private readonly ParserLimits _limits = new() { MaxHeaderBytes = 4096, MaxBodyBytes = 8192 };
    private readonly List<int> _whole = [];
    private readonly List<int> _cut = [];

    public string Name => "stream";

    public bool Read(ReadOnlySpan<byte> input)
    {
        _whole.Clear();
        using (var framer = new StreamFramer(_limits))
        {
            framer.Push(input);
            Pull(framer, [], _whole);
        }

        var random = new Random(input.Length);
        int largest = 1 << random.Next(12);
        _cut.Clear();
        using var cutFramer = new StreamFramer(_limits);
        while (!input.IsEmpty)
        {
            int length = Math.Min(1 + random.Next(largest), input.Length);
            Pull(cutFramer, input[..length], _cut);
            input = input[length..];
        }

        Property.Holds(_whole.SequenceEqual(_cut), "a stream gives the same frames however it is cut");
        return _whole.Exists(length => length > 0);
    }

    private void Pull(StreamFramer framer, ReadOnlySpan<byte> bytes, List<int> frames)
    {
        FrameKind kind;
        while ((kind = framer.Pull(ref bytes, out ReadOnlySpan<byte> frame)) != FrameKind.NeedMore)
        {
            if (kind == FrameKind.Broken)
            {
                frames.Add(-1);
            }

            if (kind == FrameKind.Message)
            {
                frames.Add(frame.Length);
                ParseResult result = SipParser.Parse(frame, _limits, isStream: true);
                Property.Holds(result.Outcome != ParseOutcome.Ok || result.Message!.Bytes.Length == frame.Length, "framer and parser find the same length");
                result.Message?.Dispose();
            }
        }
    }
}
