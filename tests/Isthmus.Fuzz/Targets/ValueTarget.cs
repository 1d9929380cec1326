// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Fuzz.Targets;

/// <summary>The readers of single values, over every line and what stands behind its colon: what they print they read back.</summary>
internal sealed class ValueTarget : ITarget
{
    private const int MostLines = 512;

    public string Name => "value";

    public bool Read(ReadOnlySpan<byte> input)
    {
        Value(input);
        for (int i = 0; i < MostLines && !input.IsEmpty; i++)
        {
            int end = input.IndexOf("\r\n"u8);
            var line = end < 0 ? input : input[..end];
            input = end < 0 ? default : input[(end + 2)..];
            Value(line[(line.IndexOf((byte)':') + 1)..].Trim((byte)' '));
            Value(line.Trim((byte)' '));
        }

        return true;
    }

    private static void Value(ReadOnlySpan<byte> text)
    {
        if (NameAddr.TryParse(text, out NameAddr? address))
        {
            Property.Holds(NameAddr.TryParse(address.ToString(), out NameAddr? read), "an address that is printed can be read");
            Property.Same(address.ToString(), read!.ToString(), "address");
            _ = (address.Q, address.Expires, address.Tag, address.With("a", "\"\r\n").ToString());
        }

        if (Via.TryParse(text, out Via? via))
        {
            Property.Holds(Via.TryParse(via.ToString(), out Via? read), "a Via that is printed can be read");
            Property.Same(via.ToString(), read!.ToString(), "Via");
            Property.Same(via.SentBy, read.SentBy, "sent-by");
            _ = (via.Received, via.Rport, via.Branch, via.Maddr, via.HasMagicCookie, via.Transport);
        }

        if (AnyUri.TryParse(text, out AnyUri? uri))
        {
            Property.Holds(AnyUri.TryParse(uri.ToString(), out AnyUri? read) && read.Equals(uri) && read.GetHashCode() == uri.GetHashCode(), "a URI that is printed can be read");
        }

        if (HostPort.TryParse(text, out HostPort hostPort))
        {
            Property.Holds(HostPort.TryParse(hostPort.ToString(), out HostPort read) && read == hostPort && read.GetHashCode() == hostPort.GetHashCode(), "a host that is printed can be read");
        }

        if (CSeq.TryParse(text, out CSeq cseq))
        {
            Property.Holds(CSeq.TryParse(System.Text.Encoding.UTF8.GetBytes(cseq.ToString()), out CSeq read) && read == cseq, "a CSeq that is printed can be read");
        }
    }
}
