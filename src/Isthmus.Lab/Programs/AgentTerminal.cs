// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>The lab's own agents as a terminal of one IP version: it sends single requests, and answers those that come with 200.</summary>
internal sealed class AgentTerminal(LabStage stage, TerminalRole role) : ITerminalProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private AnsweringAgent? _answering;
    private CallingAgent? _calling;

    public bool RegistersAtStart => true;

    public IpVersions RegistersOn => Version.AsSet;

    public bool HasEnded => false;

    private IpVersion Version => role.Plan.Has.Single ?? (role.Plan.Mode == RegistrationMode.Ipv4 ? IpVersion.V4 : IpVersion.V6);

    public async Task StartAsync(CancellationToken cancellation)
    {
        HostPlan host = stage.Plan.Host(role.Plan.Name), server = stage.Plan.Host(stage.Plan.HomeOf(role.Plan).Server);
        NetworkNamespace inside = stage.NamespaceOf(host.Name);
        var answers = new AgentAnswers();
        _answering = AnsweringAgent.Start(inside, host, answers);
        _calling = CallingAgent.Open(inside, new IPEndPoint(server.AddressOf(Version)!, ServerProgram.Port), role.Transport, stage.Plan.AddressOfRecord(role.Plan), answers);
        await _calling.RegisterAsync(Patience, cancellation, $"sip:{role.Plan.User}@{new IPEndPoint(host.AddressOf(Version)!, ServerProgram.Port)};transport={role.Transport.UriToken}");
    }

    public Task SendAsync(SipMethod method, string uri, CancellationToken cancellation) => _calling?.AskAsync(method, uri, Patience, cancellation) ?? Task.CompletedTask;

    public Task CallAsync(string uri, CancellationToken cancellation) => _calling?.RingAsync(uri, Patience, cancellation) ?? Task.CompletedTask;

    public Task RejectAsync() => Task.CompletedTask;

    public Task HangUpAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_calling is not null)
        {
            await _calling.DisposeAsync();
        }

        if (_answering is not null)
        {
            await _answering.DisposeAsync();
        }
    }
}
