// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>The same phone played by baresip or by linphone.</summary>
internal sealed record RealPhone(string Program, string User)
{
    public const string Baresip = "baresip", Linphone = "linphone";

    /// <summary>The versions by which it registers, one REGISTER each; the first is its default account.</summary>
    public required IReadOnlyList<IpVersion> Versions { get; init; }

    public string Transport { get; init; } = "udp";

    public double Tone { get; init; } = 440;

    /// <summary>A host of its own, with the addresses that it has; null for loopback, with one version only.</summary>
    public TestHost? Host { get; init; }

    /// <summary>Whom it writes messages to.</summary>
    public string? Contact { get; init; }

    /// <summary>Prints the messages that it sends and receives.</summary>
    public bool Trace { get; init; }

    public string Address => $"sip:{User}@example.com";

    public static void SkipUnlessInstalled(string program)
    {
        if (program == Baresip)
        {
            Programs.Baresip.SkipUnlessInstalled();
        }
        else
        {
            Linphonec.SkipUnlessInstalled();
        }
    }

    /// <summary>Starts it and waits until it is registered.</summary>
    public async Task<IRealPhone> StartAsync(IsthmusServer server)
    {
        var loopback = Versions[0] == IpVersion.V4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        if (Program == Baresip)
        {
            var baresip = await Programs.Baresip.StartAsync(new BaresipOptions
            {
                Accounts = [.. Versions.Select(version => new BaresipAccount(Address) { Outbound = server.Uri(version, Transport) })],
                Address = Host is null ? loopback : null,
                Host = Host,
                Tone = Tone,
                Contact = Contact,
                Trace = Trace,
            });
            foreach (var version in Versions)
            {
                await baresip.RegisteredAsync(version);
            }

            return baresip;
        }

        var linphone = await Linphonec.StartAsync(new LinphonecOptions
        {
            Identity = Address,
            Proxies = [.. Versions.Select(version => new LinphoneProxy(server.Uri(version, Transport)))],
            Versions = Versions.Aggregate(IpVersions.None, (set, version) => set | version.AsSet),
            Address = Host?.Addresses[0] ?? loopback,
            Host = Host,
            Tone = Tone,
            Trace = Trace,
        });
        await linphone.RegisteredAsync(Versions.Count);
        return linphone;
    }
}
