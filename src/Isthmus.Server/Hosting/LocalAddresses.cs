// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.NetworkInformation;
using Isthmus.Sip;

namespace Isthmus.Server.Hosting;

/// <summary>The addresses of this host. Addresses come and go, so they are asked for again after a while.</summary>
internal sealed class LocalAddresses(TimeProvider time, Func<IEnumerable<IPAddress>>? source = null) : ILocalAddresses
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Func<IEnumerable<IPAddress>> _source = source ?? OfTheHost;
    private Snapshot? _snapshot;

    private sealed record Snapshot(HashSet<IPAddress> Addresses, long Taken);

    public bool Contains(IPAddress address)
    {
        Snapshot? snapshot = Volatile.Read(ref _snapshot);
        if (snapshot is not null && snapshot.Addresses.Contains(address))
        {
            return true;
        }

        if (snapshot is not null && time.GetElapsedTime(snapshot.Taken) < Fresh)
        {
            return false;
        }

        snapshot = new([.. _source()], time.GetTimestamp());
        Volatile.Write(ref _snapshot, snapshot);
        return snapshot.Addresses.Contains(address);
    }

    private static IEnumerable<IPAddress> OfTheHost()
    {
        NetworkInterface[] interfaces;
        try
        {
            interfaces = NetworkInterface.GetAllNetworkInterfaces();
        }
        catch (NetworkInformationException)
        {
            yield break; // a sandbox without netlink: only what the listeners name is known
        }

        foreach (NetworkInterface adapter in interfaces)
        {
            foreach (UnicastIPAddressInformation unicast in adapter.GetIPProperties().UnicastAddresses)
            {
                yield return unicast.Address.Unmapped;
            }
        }
    }
}
