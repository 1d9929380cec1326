// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Tests.Stack.Transactions;

namespace Isthmus.Tests.Stack.Transports;

/// <summary>Connections that are made before there is anything to send by them.</summary>
public sealed class ConnectTests : IDisposable
{
    private const string Us = "192.0.2.1";
    private const string Them = "192.0.2.2";

    private readonly Scene _scene = new();
    private readonly SipStack _stack;
    private readonly List<(Flow? Flow, SocketError? Error)> _heard = [];

    public ConnectTests() => _stack = _scene.Stack(Us, new RecordingUser());

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Connect_ToAListener_IsHeardWhenItIsThereAndUsedByRequests()
    {
        var server = new RecordingUser();
        _ = _scene.Stack(Them, server);
        _stack.Connect(Tcp(Them), Hear);
        Assert.Empty(_heard);
        _scene.Advance(10);
        Flow flow = Assert.Single(_heard).Flow!;
        _stack.Connect(Tcp(Them), Hear);
        Assert.Same(flow, _heard[1].Flow); // at once: it is there
        _ = _stack.Send(_scene.Request(SipMethod.Message), Tcp(Them), new RecordingUser());
        _scene.Advance(10);
        Assert.Single(server.Requests);
        Assert.Equal(1, _stack.Snapshot.Connections);
    }

    [Fact]
    public void Connect_Refused_SaysSo()
    {
        _scene.Network.Host("closed", Them);
        _stack.Connect(Tcp(Them), Hear);
        _scene.Advance(10);
        Assert.Equal((null, SocketError.ConnectionRefused), Assert.Single(_heard));
    }

    [Fact]
    public void Connect_IntoABlackHole_EndsWithItsTime()
    {
        _scene.Faults.Blackhole = IpVersions.V4;
        _stack.Connect(Tcp(Them), Hear);
        _scene.Advance(4900);
        Assert.Empty(_heard);
        _scene.Advance(200);
        Assert.Equal((null, SocketError.TimedOut), Assert.Single(_heard));
    }

    [Fact]
    public void Connect_NoListenerOfThatVersion_SaysSoAtOnce()
    {
        _stack.Connect(Tcp("2001:db8::2"), Hear);
        Assert.Equal((null, SocketError.NetworkUnreachable), Assert.Single(_heard));
    }

    private static Target Tcp(string address) => Scene.To(address, SipTransport.Tcp);

    private void Hear(Flow? flow, SocketError? error) => _heard.Add((flow, error));
}
