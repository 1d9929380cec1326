// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Location;

/// <summary>
/// Who is registered where. Reading takes no lock and never shows an expired binding. An address-of-record is a string or, where no string is at
/// hand, its UTF-8 as <see cref="Hosting.Domains"/> writes it; asking by octets makes no object when the same was asked before.
/// </summary>
internal interface ILocationService
{
    /// <summary>Addresses-of-record with at least one binding.</summary>
    int AorCount { get; }

    /// <summary>All bindings.</summary>
    int BindingCount { get; }

    /// <summary>The devices of an own address-of-record; for a GRUU (RFC 5627) only the one that it names. Empty for any other URI.</summary>
    ImmutableArray<Device> Find(SipUri uri);

    /// <summary>The devices of a canonical address-of-record.</summary>
    ImmutableArray<Device> Find(string aor);

    /// <inheritdoc cref="Find(string)"/>
    ImmutableArray<Device> Find(ReadOnlySpan<byte> aor);

    /// <summary>The live bindings of a canonical address-of-record, in the order of registration.</summary>
    IReadOnlyList<Binding> BindingsOf(string aor);

    /// <summary>Every live binding.</summary>
    IEnumerable<Binding> All();

    /// <summary>Whether the address-of-record has or had a binding: 480 rather than 404.</summary>
    bool Knows(string aor);

    /// <inheritdoc cref="Knows(string)"/>
    bool Knows(ReadOnlySpan<byte> aor);

    /// <summary>The device that sends a request: by its Contact (instance, GRUU, URI), else by where the request came from.</summary>
    Device? DeviceOfCaller(string aor, NameAddr? contact, Flow flow);

    /// <inheritdoc cref="DeviceOfCaller(string, NameAddr?, Flow)"/>
    Device? DeviceOfCaller(ReadOnlySpan<byte> aor, SipRequest request, Flow flow);

    /// <summary>Keeps what a device's answer showed about the versions that it can and cannot use, as long as it is registered.</summary>
    void Learn(string aor, string deviceId, IpVersions can, IpVersions cannot);
}
