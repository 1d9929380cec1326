// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Isthmus.Fuzz.Mutation;

/// <summary>Makes inputs: a message of the corpus, changed a few times by one of the ways below.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, Random random)
{
    private const int Longest = 96 * 1024;
    private const int UsuallyLongest = 8 * 1024;

    private byte[] _input = [];

    public byte[] Next()
    {
        _input = (byte[])Seed().Clone();
        int changes = 1 << random.Next(5);
        for (int i = random.Next(changes + 1); i >= 0; i--)
        {
            Change();
        }

        if (random.Next(3) == 0)
        {
            MendLength();
        }

        int longest = random.Next(100) == 0 ? Longest : UsuallyLongest;
        return _input.Length > longest ? _input[..longest] : _input;
    }

    private void Change()
    {
        int at = random.Next(_input.Length + 1);
        switch (random.Next(18))
        {
            case 0 when at < _input.Length:
                _input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < _input.Length:
                _input[at] = Pick(Dictionary.Bytes);
                break;
            case 2:
                Splice(at, 0, [Pick(Dictionary.Bytes)]);
                break;
            case 3:
                Splice(at, 0, Pick(Dictionary.Pieces));
                break;
            case 4:
                Splice(at, Few(_input.Length - at), []);
                break;
            case 5:
                Splice(at, 0, _input.AsSpan(at, Few(_input.Length - at)));
                break;
            case 6:
                Splice(at, 0, Repeated(_input.AsSpan(at, Few(_input.Length - at)), Many()));
                break;
            case 7:
                Splice(at, 0, Repeated([Pick(Dictionary.Nesting)], Many()));
                break;
            case 8:
                Span number = Find(at, b => char.IsAsciiDigit((char)b));
                Splice(number.Start, number.Length, Pick(Dictionary.Numbers));
                break;
            case 9:
                Span host = Find(at, b => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'[' or (byte)']' or (byte)':');
                Splice(host.Start, host.Length, Pick(Dictionary.Hosts));
                break;
            case 10:
                Span space = Find(at, b => b is (byte)' ' or (byte)',' or (byte)';' or (byte)'=');
                Splice(space.Start, 0, "\r\n "u8);
                break;
            case 11:
                Span line = Line(at);
                Splice(line.Start, line.Length, []);
                break;
            case 12:
                Span repeated = Line(at);
                Splice(repeated.Start, 0, Repeated(_input.AsSpan(repeated.Start, repeated.Length), random.Next(20) == 0 ? Many() : 1));
                break;
            case 13:
                Span moved = Line(at);
                byte[] taken = [.. _input.AsSpan(moved.Start, moved.Length)];
                Splice(moved.Start, moved.Length, []);
                Splice(Line(random.Next(_input.Length + 1)).Start, 0, taken);
                break;
            case 14:
                byte[] other = Seed();
                int from = random.Next(other.Length + 1);
                Splice(Line(at).Start, 0, other.AsSpan(from, Math.Min(Few(other.Length - from), other.Length - from)));
                break;
            case 15:
                byte[] tail = Seed();
                Splice(at, _input.Length - at, tail.AsSpan(random.Next(tail.Length + 1)));
                break;
            case 16:
                Span letters = Find(at, b => char.IsAsciiLetter((char)b));
                for (int i = 0; i < letters.Length; i++)
                {
                    _input[letters.Start + i] ^= 0x20;
                }

                break;
            case 17:
                Splice(at, _input.Length - at, []);
                break;
        }
    }

    // So that what was changed behind the header fields is looked at too.
    private void MendLength()
    {
        int end = _input.AsSpan().IndexOf("\r\n\r\n"u8);
        int field = _input.AsSpan().IndexOf("\r\nContent-Length:"u8);
        if (end >= 0 && field >= 0 && field < end)
        {
            int start = field + 17;
            int length = _input.AsSpan(start).IndexOf("\r\n"u8);
            Splice(start, length, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {_input.Length - end - 4}")));
        }
    }

    private byte[] Seed() => corpus[random.Next(corpus.Count)];

    private T Pick<T>(T[] items) => items[random.Next(items.Length)];

    private int Few(int atMost) => Math.Min(atMost, 1 << random.Next(9));

    private int Many() => 1 << random.Next(random.Next(20) == 0 ? 15 : 8);

    private Span Line(int at)
    {
        at = Math.Min(at, _input.Length);
        int start = _input.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        int length = _input.AsSpan(at).IndexOf((byte)'\n');
        return new(start, (length < 0 ? _input.Length : at + length + 1) - start);
    }

    // The next run of such bytes, from there on.
    private Span Find(int at, Func<byte, bool> wanted)
    {
        while (at < _input.Length && !wanted(_input[at]))
        {
            at++;
        }

        int end = at;
        while (end < _input.Length && wanted(_input[end]))
        {
            end++;
        }

        return new(at, end - at);
    }

    private static byte[] Repeated(ReadOnlySpan<byte> piece, int times)
    {
        times = Math.Min(times, Longest / Math.Max(1, piece.Length));
        var result = new byte[piece.Length * times];
        for (int i = 0; i < times; i++)
        {
            piece.CopyTo(result.AsSpan(i * piece.Length));
        }

        return result;
    }

    private void Splice(int at, int remove, ReadOnlySpan<byte> insert)
    {
        if (_input.Length - remove + insert.Length <= 2 * Longest)
        {
            _input = [.. _input.AsSpan(0, at), .. insert, .. _input.AsSpan(at + remove)];
        }
    }

    private readonly record struct Span(int Start, int Length);
}
