// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Sip;

namespace Isthmus.Tests.Server.Hosting;

/// <summary>A socket that registers: the smallest client there is, so that a server is seen from outside.</summary>
internal sealed class RegisteringClient : IDisposable
{
    private readonly UdpClient _socket;
    private readonly IPEndPoint _server;

    public RegisteringClient(IPEndPoint server)
    {
        _server = server;
        _socket = new UdpClient(new IPEndPoint(server.Address, 0));
    }

    /// <summary>The host and port that its Via and Contact name.</summary>
    public string SentBy => _socket.Client.LocalEndPoint!.ToString()!;

    public Task SendAsync(string user, int cseq = 1, string extra = "", string? contact = null, string domain = "localhost") => _socket.SendAsync(Encoding.UTF8.GetBytes(
        $"REGISTER sip:{domain} SIP/2.0\r\nVia: SIP/2.0/UDP {SentBy};branch=z9hG4bK{user}-{cseq};rport\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:{user}@{domain}>;tag=1\r\nTo: <sip:{user}@{domain}>\r\nCall-ID: {user}@test\r\nCSeq: {cseq} REGISTER\r\n"
        + $"Contact: <{contact ?? $"sip:{user}@{SentBy}"}>\r\n{extra}Content-Length: 0\r\n\r\n").AsMemory(), _server).AsTask();

    /// <summary>An INVITE without a body, from the user that it registered.</summary>
    public Task InviteAsync(string user, string uri) => _socket.SendAsync(Encoding.UTF8.GetBytes(
        $"INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {SentBy};branch=z9hG4bKinvite{user};rport\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:{user}@localhost>;tag=1\r\nTo: <{uri}>\r\nCall-ID: invite-{user}@test\r\nCSeq: 1 INVITE\r\n"
        + $"Contact: <sip:{user}@{SentBy}>\r\nContent-Length: 0\r\n\r\n").AsMemory(), _server).AsTask();

    public async Task<SipResponse> ReceiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            UdpReceiveResult datagram = await _socket.ReceiveAsync(cancellation);
            if (SipParser.Parse(datagram.Buffer).Message is SipResponse { StatusCode: >= 200 } response)
            {
                return response;
            }
        }
    }

    public async Task<SipResponse> RegisterAsync(string user, int cseq = 1, string extra = "", string? contact = null, string domain = "localhost")
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await SendAsync(user, cseq, extra, contact, domain);
        return await ReceiveAsync(patience.Token);
    }

    public void Dispose() => _socket.Dispose();
}
