// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>
/// One batch of changes as octets, and back: what each binding is after it, never how it came there, so that reading it a second time does no harm.
/// </summary>
/// <remarks>
/// A checksum (CRC-32C of all that follows), the version of the format, the time of the batch in milliseconds since 1970, and the changes. All numbers are
/// little-endian. A renewal takes 21 octets, a removal 9, a binding about 60 and its texts.
/// </remarks>
internal sealed class JournalRecord : IDisposable
{
    private const byte Format = 1;
    private const int HeaderLength = sizeof(uint) + sizeof(byte) + sizeof(long);

    private readonly MemoryStream _octets = new(4096);
    private readonly BinaryWriter _writer;

    public JournalRecord() => _writer = new BinaryWriter(_octets);

    private enum Kind : byte
    {
        Put = 1,
        Renew = 2,
        Remove = 3,
    }

    /// <summary>Applies a batch to the bindings. False: it is damaged, and what is in <paramref name="bindings"/> must not be used.</summary>
    public static bool TryRead(ReadOnlySpan<byte> record, StoredBindings bindings)
    {
        if (record.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(record) != Checksum(record[sizeof(uint)..]) || record[sizeof(uint)] != Format)
        {
            return false;
        }

        var reader = new OctetReader(record[(sizeof(uint) + sizeof(byte))..]);
        long now = reader.Number<long>();
        while (!reader.IsAtEnd)
        {
            switch ((Kind)reader.Number<byte>())
            {
                case Kind.Put when TryReadBinding(ref reader, bindings):
                    break;
                case Kind.Renew:
                    bindings.Renew(reader.Number<long>(), reader.Number<long>(), reader.Number<uint>(), now);
                    break;
                case Kind.Remove:
                    bindings.Remove(reader.Number<long>());
                    break;
                default:
                    return false;
            }
        }

        return !reader.IsShort;
    }

    /// <summary>Writes a batch. Valid until the next one.</summary>
    public ReadOnlySpan<byte> Write(ReadOnlySpan<BindingChange> changes, long now)
    {
        _octets.Position = 0;
        _writer.Write(0U); // the checksum, when all is there
        _writer.Write(Format);
        _writer.Write(now);
        foreach (BindingChange change in changes)
        {
            if (change.New is not { } binding)
            {
                _writer.Write((byte)Kind.Remove);
                _writer.Write(change.Old!.Id);
            }
            else if (binding == change.Old)
            {
                _writer.Write((byte)Kind.Renew);
                _writer.Write(binding.Id);
                _writer.Write(binding.NextExpiresAt);
                _writer.Write(binding.CSeq);
            }
            else
            {
                Write(binding);
            }
        }

        _writer.Flush();
        Span<byte> written = _octets.GetBuffer().AsSpan(0, (int)_octets.Position);
        BinaryPrimitives.WriteUInt32LittleEndian(written, Checksum(written[sizeof(uint)..]));
        return written;
    }

    public void Dispose() => _writer.Dispose();

    private void Write(Binding binding)
    {
        _writer.Write((byte)Kind.Put);
        _writer.Write(binding.Id);
        _writer.Write(binding.NextExpiresAt);
        _writer.Write(binding.RegisteredAt);
        _writer.Write(binding.CSeq);
        _writer.Write((byte)binding.Version);
        _writer.Write((byte)binding.Transport);
        _writer.Write(binding.AnnouncesRedirect);
        Text(binding.Owner!.Key);
        Text(binding.ContactOctets);
        Text(binding.CallIdOctets);
        Text(binding.PathOctets);
        Text(binding.UserAgent is { } agent ? Encoding.UTF8.GetBytes(agent) : []);
        Text(binding.SourceOctets);
    }

    private void Text(ReadOnlySpan<byte> text)
    {
        _writer.Write(text.Length);
        _writer.Write(text);
    }

    private static bool TryReadBinding(ref OctetReader reader, StoredBindings bindings)
    {
        long id = reader.Number<long>(), expires = reader.Number<long>(), registered = reader.Number<long>();
        uint cseq = reader.Number<uint>();
        IpVersion version = (IpVersion)reader.Number<byte>();
        SipTransport transport = (SipTransport)reader.Number<byte>();
        bool redirect = reader.Number<byte>() != 0;
        ReadOnlySpan<byte> aor = reader.Text(), contact = reader.Text(), callId = reader.Text(), path = reader.Text(), agent = reader.Text(), source = reader.Text();
        return !reader.IsShort && SourceAddress.IsOne(source) && bindings.TryPut(aor, new BindingDraft
        {
            Id = id,
            Contact = contact,
            Version = version,
            Expires = expires,
            Registered = registered,
            CallId = callId,
            CSeq = cseq,
            Path = path,
            UserAgent = agent.IsEmpty ? null : bindings.Shared(agent),
            AnnouncesRedirect = redirect,
            Transport = transport,
            Source = SourceAddress.Read(source),
        });
    }

    private static uint Checksum(ReadOnlySpan<byte> octets)
    {
        uint sum = uint.MaxValue;
        for (; octets.Length >= sizeof(ulong); octets = octets[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(octets));
        }

        foreach (byte octet in octets)
        {
            sum = BitOperations.Crc32C(sum, octet);
        }

        return ~sum;
    }
}
