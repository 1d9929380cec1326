// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Server.Location;
using Isthmus.Sip;

namespace Isthmus.Server.Messaging;

/// <summary>Finds by the octets of an address-of-record what is kept under its text, and makes no text for that. Strangers choose addresses: the hash has a key.</summary>
internal sealed class AorComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    private readonly KeyedHash _hash = KeyedHash.Random();

    public bool Equals(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    public int GetHashCode([DisallowNull] string aor) => GetHashCode(CallerSearch.Utf8(aor, stackalloc byte[Domains.LongestAor]));

    public bool Equals(ReadOnlySpan<byte> octets, string aor) => CallerSearch.Utf8(aor, stackalloc byte[Domains.LongestAor]).SequenceEqual(octets);

    public int GetHashCode(ReadOnlySpan<byte> octets) => (int)_hash.Quick(octets);

    public string Create(ReadOnlySpan<byte> octets) => Encoding.UTF8.GetString(octets);
}
