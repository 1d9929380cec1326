// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Isthmus.Lab;

/// <summary>A DNS message (RFC 1035 §4): one question, and the answers to it. Enough to ask whether a name server serves, and to read what was asked.</summary>
internal sealed record DnsMessage(ushort Id, string Name, DnsType Type)
{
    private const int Header = 12;
    private const int MostJumps = 16;
    private const int MostAnswers = 256;
    private const ushort Internet = 1;
    private const ushort RecursionDesired = 0x0100;

    /// <summary>The response code: 0 is no error, 2 a failing server, 3 no such name.</summary>
    public int ResponseCode { get; private init; }

    /// <summary>Whether the server is one of the zone's own.</summary>
    public bool IsAuthoritative { get; private init; }

    public bool IsResponse { get; private init; }

    public IReadOnlyList<DnsAnswer> Answers { get; private init; } = [];

    /// <summary>The question, as it is sent.</summary>
    public byte[] ToQuery()
    {
        byte[] query = new byte[Header + Name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(query, Id);
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(2), RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(4), 1);
        int at = Header;
        foreach (string label in Name.TrimEnd('.').Split('.'))
        {
            query[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, query.AsSpan(at));
        }

        query[at++] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(at), (ushort)Type);
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(at + 2), Internet);
        return query[..(at + 4)];
    }

    /// <summary>Reads a message with one question; false for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DnsMessage? message)
    {
        message = null;
        if (bytes.Length < Header || BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) != 1)
        {
            return false;
        }

        int at = Header;
        if (!TryName(bytes, ref at, out string name) || bytes.Length < at + 4)
        {
            return false;
        }

        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        at += 4;
        int count = Math.Min((int)BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]), MostAnswers);
        var answers = new List<DnsAnswer>();
        for (int i = 0; i < count; i++)
        {
            if (!TryAnswer(bytes, ref at, out DnsAnswer? answer))
            {
                return false;
            }

            answers.Add(answer);
        }

        message = new(BinaryPrimitives.ReadUInt16BigEndian(bytes), name, type)
        {
            IsResponse = (bytes[2] & 0x80) != 0,
            IsAuthoritative = (bytes[2] & 0x04) != 0,
            ResponseCode = bytes[3] & 15,
            Answers = answers,
        };
        return true;
    }

    private static bool TryAnswer(ReadOnlySpan<byte> bytes, ref int at, [NotNullWhen(true)] out DnsAnswer? answer)
    {
        answer = null;
        if (!TryName(bytes, ref at, out string owner) || bytes.Length < at + 10)
        {
            return false;
        }

        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        uint seconds = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 8)..]);
        at += 10;
        if (bytes.Length < at + length || DnsData.Text(bytes[..(at + length)], at, type) is not { } data)
        {
            return false;
        }

        answer = new DnsAnswer(owner, type, seconds, data);
        at += length;
        return true;
    }

    /// <summary>Reads a name, also a compressed one (RFC 1035 §4.1.4); <paramref name="at"/> is then behind it.</summary>
    internal static bool TryName(ReadOnlySpan<byte> bytes, ref int at, out string name)
    {
        var text = new StringBuilder();
        name = "";
        int position = at, jumps = 0;
        while (position < bytes.Length)
        {
            int length = bytes[position];
            if (length == 0)
            {
                at = jumps == 0 ? position + 1 : at;
                name = text.Length == 0 ? "." : text.ToString();
                return true;
            }

            if (length >= 0xc0)
            {
                if (position + 1 >= bytes.Length || ++jumps > MostJumps)
                {
                    return false;
                }

                at = jumps == 1 ? position + 2 : at;
                position = ((length & 0x3f) << 8) | bytes[position + 1];
                continue;
            }

            if (length > 63 || position + 1 + length > bytes.Length || text.Length > 255)
            {
                return false;
            }

            text.Append(Encoding.ASCII.GetString(bytes.Slice(position + 1, length))).Append('.');
            position += 1 + length;
        }

        return false;
    }
}

/// <summary>A record of an answer, its data as a zone file writes it.</summary>
internal sealed record DnsAnswer(string Owner, DnsType Type, uint Seconds, string Data);
