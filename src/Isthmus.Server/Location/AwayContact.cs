// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Hosting;
using Isthmus.Sip;

namespace Isthmus.Server.Location;

/// <summary>
/// Which Contacts lead away: RFC 3261 §10.2.1 lets a user register any URI, the address-of-record that he has in another domain too. A phone that writes a name
/// into its Contact says more than that, or a name that only its own network knows (docs/decisions/0048).
/// </summary>
internal static class AwayContact
{
    // RFC 6761, 6762, 8375, and what routers at home are fond of: DNS does not know these.
    private static readonly byte[][] NamesOfHere =
        [.. new[] { ".local", ".invalid", ".localhost", ".internal", ".home.arpa", ".lan", ".localdomain" }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>
    /// Whether a binding is an address-of-record and no device: <c>user@domain</c> without a port and without a parameter, and nothing that speaks of a
    /// device or of its way here (instance, <c>reg-id</c>, Path).
    /// </summary>
    public static bool Is(Binding binding) =>
        binding.InstanceOctets.IsEmpty && binding.RegId is null && binding.PathOctets.IsEmpty
        && SipUriView.TryRead(binding.UriOctets, out SipUriView uri)
        && uri.HasUser && uri.Port is null && uri.Parameters.IsEmpty && uri.Headers.IsEmpty && Domains.IsName(uri.Host) && IsOfDns(uri.Host.TrimEnd((byte)'.'));

    private static bool IsOfDns(ReadOnlySpan<byte> name)
    {
        foreach (byte[] here in NamesOfHere)
        {
            if (name.Length > here.Length && Ascii.EqualsIgnoreCase(name[^here.Length..], here))
            {
                return false;
            }
        }

        return name.Contains((byte)'.');
    }
}
