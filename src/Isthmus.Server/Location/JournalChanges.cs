// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>
/// A batch of changes as octets, and back: what each binding is after it, never how it came there, so that reading it a second time does no harm.
/// </summary>
/// <remarks>The time of the batch in milliseconds since 1970, and the changes. A renewal takes 21 octets, a removal 9, a binding about 60 and its texts.</remarks>
internal static class JournalChanges
{
    private enum Kind : byte
    {
        Put = 1,
        Renew = 2,
        Remove = 3,
    }

    /// <summary>Applies a batch to the bindings. False: it is damaged, and what is in <paramref name="bindings"/> must not be used.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, StoredBindings bindings)
    {
        var reader = new OctetReader(octets);
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

    /// <summary>Writes a batch.</summary>
    public static void Write(OctetWriter octets, ReadOnlySpan<BindingChange> changes, long now)
    {
        octets.Number(now);
        foreach (BindingChange change in changes)
        {
            if (change.New is not { } binding)
            {
                octets.Number((byte)Kind.Remove);
                octets.Number(change.Old!.Id);
            }
            else if (binding == change.Old)
            {
                octets.Number((byte)Kind.Renew);
                octets.Number(binding.Id);
                octets.Number(binding.NextExpiresAt);
                octets.Number(binding.CSeq);
            }
            else
            {
                Write(octets, binding);
            }
        }
    }

    private static void Write(OctetWriter octets, Binding binding)
    {
        octets.Number((byte)Kind.Put);
        octets.Number(binding.Id);
        octets.Number(binding.NextExpiresAt);
        octets.Number(binding.RegisteredAt);
        octets.Number(binding.CSeq);
        octets.Number((byte)binding.Version);
        octets.Number((byte)binding.Transport);
        octets.Number(binding.AnnouncesRedirect ? (byte)1 : (byte)0);
        octets.Text(binding.Owner!.Key);
        octets.Text(binding.ContactOctets);
        octets.Text(binding.CallIdOctets);
        octets.Text(binding.PathOctets);
        octets.Text(binding.UserAgent is { } agent ? Encoding.UTF8.GetBytes(agent) : []);
        octets.Text(binding.SourceOctets);
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
}
