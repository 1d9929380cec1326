// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Sip.Stack;
using Isthmus.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>Real stream sockets on the loopback addresses of both versions, with ports that the kernel chooses.</summary>
public abstract class StreamScene(bool isPortable)
{
    private SystemNetwork? _network;

    protected FakeTimeProvider Time { get; } = new();

    protected SystemNetwork Network => _network ??= new SystemNetwork(null, Time) { IsPortable = isPortable };

    protected static IPEndPoint At(string text) => IPEndPoint.Parse(text);

    /// <summary>Two connected ends: what each hears is the other one's bytes.</summary>
    protected async Task<(IStreamConnection Accepted, HeardStream ClientHeard, IStreamConnection Client, HeardStream AcceptedHeard)> PairAsync()
    {
        var (listener, client) = (new HeardStream(), new HeardStream());
        using var listening = Network.ListenStream(At("127.0.0.1:0"), listener);
        var connection = Network.ConnectStream(null, listening.LocalEndPoint, client);
        await listener.Until(() => listener.Accepted.Count == 1);
        await client.Until(() => client.Events.Count == 1);
        var (accepted, heard) = listener.Accepted[0];
        return (accepted, client, connection, heard);
    }
}
