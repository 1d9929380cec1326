// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Location;

/// <summary>
/// One Contact registered for an address-of-record (RFC 3261 §10), in few octets: its texts lie in one array and become objects when a call needs
/// them. Everything is fixed but what a refresh renews (<see cref="Expires"/>, <see cref="Registered"/>, <see cref="CSeq"/>), which only the writer changes.
/// </summary>
internal sealed partial class Binding
{
    private const double Thousand = 1000;
    private const int NotAsked = -1;
    private const int Unreadable = -2;

    // Contact, Call-ID, Path, source, one after the other.
    private readonly byte[] _octets;
    private readonly ContactLayout _contact;
    private readonly ushort _contactLength;
    private readonly ushort _q;
    private readonly int _callIdLength;
    private readonly int _pathLength;
    private readonly int _regId;
    private readonly int _asked;
    private readonly Flow? _flow;
    private BindingObjects? _objects;

    private Binding(in BindingDraft draft, in ContactLayout layout)
    {
        AddressView.TryRead(draft.Contact, out AddressView contact);
        (Id, Version, UserAgent, AnnouncesRedirect, Transport, _flow) = (draft.Id, draft.Version, draft.UserAgent, draft.AnnouncesRedirect, draft.Transport, draft.Flow);
        (_expires, _nextExpires, _registered, _cseq) = (draft.Expires, draft.Expires, draft.Registered, draft.CSeq);
        (_contact, _contactLength, _callIdLength, _pathLength) = (layout, (ushort)draft.Contact.Length, draft.CallId.Length, draft.Path.Length);
        _q = (ushort)Math.Round((contact.Q ?? 1) * Thousand);
        _regId = RegIdOf(contact) ?? 0;
        _asked = contact.Expires ?? (contact.Has("expires"u8) ? Unreadable : NotAsked);
        Span<byte> source = stackalloc byte[SourceAddress.MaxLength];
        source = source[..SourceAddress.Write(draft.Source, source)];
        _octets = GC.AllocateUninitializedArray<byte>(_contactLength + _callIdLength + _pathLength + source.Length);
        draft.Contact.CopyTo(_octets);
        draft.CallId.CopyTo(_octets.AsSpan(_contactLength));
        draft.Path.CopyTo(_octets.AsSpan(_contactLength + _callIdLength));
        source.CopyTo(_octets.AsSpan(_octets.Length - source.Length));
    }

    /// <summary>Its number in the store; kept over a refresh.</summary>
    public long Id { get; }

    /// <summary>The canonical address-of-record.</summary>
    public string Aor => Owner?.Aor ?? "";

    /// <summary>The address-of-record that it was put under.</summary>
    public AddressOfRecord? Owner { get; private set; }

    /// <summary>The version of the Contact's address; where the Contact has a name, of the flow that the REGISTER came by.</summary>
    public IpVersion Version { get; }

    /// <summary>0 to 1; 1 where the Contact has none.</summary>
    public double Q => _q / Thousand;

    /// <summary>The <c>reg-id</c> (RFC 5626 §4.2).</summary>
    public int? RegId => _regId == 0 ? null : _regId;

    public string? UserAgent { get; }

    /// <summary>Whether the REGISTER announced that the device judges and follows redirects.</summary>
    public bool AnnouncesRedirect { get; }

    /// <summary>The seconds that the Contact itself asks for; null when it does not, and when they cannot be read (<see cref="AsksUnreadably"/>).</summary>
    public int? Asked => _asked < 0 ? null : _asked;

    /// <summary>Whether the Contact's <c>expires</c> is no number.</summary>
    public bool AsksUnreadably => _asked == Unreadable;

    /// <summary>The transport that the REGISTER came by.</summary>
    public SipTransport Transport { get; }

    /// <summary>The Contact as it was registered.</summary>
    public NameAddr Contact => Objects.Contact;

    /// <summary>The Contact's URI.</summary>
    public SipUri Uri => Objects.Uri;

    /// <summary>The Path (RFC 3327), topmost first.</summary>
    public IReadOnlyList<NameAddr> Path => Objects.Path;

    /// <summary>The flow that the REGISTER came by; null after a restart.</summary>
    public Flow? Flow => Objects.Flow;

    /// <summary>Where it is reached; null when nothing of it is numeric and its connection is gone.</summary>
    public Target? NextHop => Objects.NextHop;

    /// <summary>The URI as a Request-URI: without <c>method</c> and without headers (RFC 3261 §19.1.1).</summary>
    public ReadOnlyMemory<byte> RequestUri => Objects.RequestUri;

    /// <summary>Where the REGISTER came from. A new object each time: ask <see cref="IsFrom(IPAddress)"/> to compare.</summary>
    public IPEndPoint Source => SourceAddress.Read(SourceOctets);

    public string CallId => Encoding.UTF8.GetString(CallIdOctets);

    /// <summary>The <c>+sip.instance</c> without its angle brackets (RFC 5626 §4.1).</summary>
    public string? Instance => _contact.HasInstance ? Encoding.UTF8.GetString(InstanceOctets) : null;

    /// <summary>The device that it belongs to: its instance, else the REGISTER's Call-ID.</summary>
    public string DeviceId => Instance ?? "call-id:" + CallId;

    /// <summary>The Contact.</summary>
    public ReadOnlySpan<byte> ContactOctets => _octets.AsSpan(0, _contactLength);

    /// <summary>The Contact's URI.</summary>
    public ReadOnlySpan<byte> UriOctets => ContactOctets[_contact.Uri];

    public ReadOnlySpan<byte> CallIdOctets => _octets.AsSpan(_contactLength, _callIdLength);

    /// <summary>The Path values, one a line; empty where there is none.</summary>
    public ReadOnlySpan<byte> PathOctets => _octets.AsSpan(_contactLength + _callIdLength, _pathLength);

    /// <summary><see cref="SourceAddress"/>.</summary>
    public ReadOnlySpan<byte> SourceOctets => _octets.AsSpan(_contactLength + _callIdLength + _pathLength);

    /// <summary>The instance; empty where there is none.</summary>
    public ReadOnlySpan<byte> InstanceOctets => ContactOctets[_contact.Instance];

    /// <summary>The Contact up to its <c>expires</c>, and what follows that.</summary>
    public ReadOnlySpan<byte> BeforeExpires => ContactOctets[.._contact.Expires.Start];

    /// <inheritdoc cref="BeforeExpires"/>
    public ReadOnlySpan<byte> AfterExpires => ContactOctets[_contact.Expires.End..];

    /// <summary>The flow that it holds: of a datagram only its local end counts.</summary>
    public Flow? HeldFlow => _flow;

    private BindingObjects Objects => _objects ??= new(this);

    /// <summary>Makes a binding; null when its Contact is none.</summary>
    public static Binding? TryMake(in BindingDraft draft) => ContactLayout.TryRead(draft.Contact, out ContactLayout layout) ? new(draft, layout) : null;

    /// <summary>The <c>reg-id</c> of a Contact; null when it is absent or no number above 0.</summary>
    public static int? RegIdOf(in AddressView contact) =>
        contact.TryGet("reg-id"u8, out ReadOnlySpan<byte> value) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;

    /// <summary>Whether the URI's octets are these.</summary>
    public bool UriIs(ReadOnlySpan<byte> uri) => UriOctets.SequenceEqual(uri);

    /// <summary>The URI, made anew: for who asks once.</summary>
    public SipUri ReadUri() => SipUri.TryParse(Encoding.UTF8.GetString(UriOctets), out SipUri? uri) ? uri : throw new InvalidOperationException("A binding holds a URI that was read before.");

    /// <summary>Whether the REGISTER came from that address, on any port.</summary>
    public bool IsFrom(IPAddress address) => SourceAddress.IsAt(SourceOctets, address);

    /// <summary>Whether the REGISTER came by that transport from that endpoint.</summary>
    public bool IsFrom(SipTransport transport, IPEndPoint source) => Transport == transport && SourceAddress.Is(SourceOctets, source);

    /// <summary>Whether it is of the same device.</summary>
    public bool IsOfDevice(Binding other) => _contact.HasInstance
        ? InstanceOctets.SequenceEqual(other.InstanceOctets)
        : !other._contact.HasInstance && CallIdOctets.SequenceEqual(other.CallIdOctets);

    /// <summary>Puts it under an address-of-record.</summary>
    public void BelongTo(AddressOfRecord owner) => Owner = owner;

    /// <summary>Lets go of the objects that were made of it.</summary>
    public void ForgetObjects() => _objects = null;
}
