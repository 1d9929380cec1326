// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>
/// One Via value (RFC 3261 §20.42), read where it stands: it says what <see cref="Via"/> says and makes nothing. Valid as long as the bytes are.
/// Values of parameters come without their quotes.
/// </summary>
public readonly ref struct ViaView
{
    private readonly ViaParts _parts;

    internal ViaView(ReadOnlySpan<byte> text, scoped in ViaParts parts)
    {
        Text = text;
        _parts = parts;
    }

    /// <summary>The whole value.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The transport as it is written.</summary>
    public ReadOnlySpan<byte> TransportToken => Text[_parts.TransportStart.._parts.TransportEnd];

    /// <summary>The transport; null for one that is not known here.</summary>
    public SipTransport? Transport => SipTransportOperations.TryParse(TransportToken, out SipTransport transport) ? transport : null;

    /// <summary>The host of sent-by, an IPv6 address in brackets.</summary>
    public ReadOnlySpan<byte> Host => Text[_parts.HostStart.._parts.HostEnd];

    /// <summary>The port of sent-by; null where none is written.</summary>
    public int? Port => _parts.Port;

    /// <summary>The parameters as they are written, from the first semicolon; empty where there are none.</summary>
    public ReadOnlySpan<byte> Parameters => Text[_parts.ParametersStart..];

    /// <summary>The branch; empty in requests of RFC 2543.</summary>
    public ReadOnlySpan<byte> Branch => _parts.Branch.Content(Text);

    /// <summary>Whether the branch is one of RFC 3261: the magic cookie with something behind it.</summary>
    public bool HasMagicCookie => Branch is var branch && branch.Length > Via.MagicCookie.Length
        && (branch.StartsWith("z9hG4bK"u8) || Ascii.EqualsIgnoreCase(branch[..Via.MagicCookie.Length], Via.MagicCookie));

    /// <summary>Whether the sender asks for <c>rport</c>, or it was filled in.</summary>
    public bool HasRport => _parts.Rport.IsThere;

    /// <summary>The port the request was received from; null when it was not filled in.</summary>
    public int? Rport => Numbers.TryParse(_parts.Rport.Content(Text), 65535, out uint port) && port > 0 ? (int)port : null;

    /// <summary>Whether there is a <c>received</c>.</summary>
    public bool HasReceived => _parts.Received.IsThere;

    /// <summary>The <c>received</c> parameter: an address, for IPv6 with or without brackets (RFC 5118 §4.5); empty when absent.</summary>
    public ReadOnlySpan<byte> Received => _parts.Received.Content(Text);

    /// <summary>Whether there is a <c>maddr</c>.</summary>
    public bool HasMaddr => _parts.HasMaddr;

    /// <summary>The <c>maddr</c> parameter; empty when absent.</summary>
    public ReadOnlySpan<byte> Maddr => HasMaddr && TryGet("maddr"u8, out ReadOnlySpan<byte> value) ? value : default;

    /// <summary>Reads one value; false when <see cref="Via"/> could not read it either.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out ViaView view)
    {
        text = Characters.Trim(text);
        bool isOne = ViaParts.TryScan(text, out ViaParts parts);
        view = isOne ? new(text, parts) : default;
        return isOne;
    }

    /// <summary>Whether the parameter is there.</summary>
    public bool Has(ReadOnlySpan<byte> name) => new ParameterWalk(Text, _parts.ParametersStart).MoveTo(name);

    /// <summary>Whether the parameter is there, and its value; empty where it has none.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var walk = new ParameterWalk(Text, _parts.ParametersStart);
        bool isThere = walk.MoveTo(name);
        value = isThere ? walk.Place.Content(Text) : default;
        return isThere;
    }

    /// <summary>Whether sent-by names that host and port: a missing port is not the default one.</summary>
    public bool SentByIs(HostPort sentBy) => Port == sentBy.Port && sentBy.Host.IsWrittenAs(Host);
}
