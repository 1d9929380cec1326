// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>The lab's own agents as a terminal of one IP version: it sends single requests, watches and publishes, and answers what comes with 200.</summary>
internal sealed class AgentTerminal(LabStage stage, TerminalRole role) : ITerminalProgram
{
    private const int PublishedSeconds = 600;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeavesWithin = TimeSpan.FromSeconds(2);

    private readonly AgentAnswers _answers = new();
    private AnsweringAgent? _answering;
    private CallingAgent? _calling;
    private AgentWatch? _watch;
    private string? _contact;
    private string? _entityTag;
    private int _published;

    public bool RegistersAtStart => true;

    public IpVersions RegistersOn => Version.AsSet;

    public bool HasEnded => false;

    private IpVersion Version => role.Plan.Has.Single ?? (role.Plan.Mode == RegistrationMode.Ipv4 ? IpVersion.V4 : IpVersion.V6);

    public async Task StartAsync(CancellationToken cancellation)
    {
        HostPlan host = stage.Plan.Host(role.Plan.Name), server = stage.Plan.Host(stage.Plan.HomeOf(role.Plan).Server);
        NetworkNamespace inside = stage.NamespaceOf(host.Name);
        _answering = AnsweringAgent.Start(inside, host, _answers);
        _calling = CallingAgent.Open(inside, new IPEndPoint(server.AddressOf(Version)!, ServerProgram.Port), role.Transport, stage.Plan.AddressOfRecord(role.Plan), _answers);
        _contact = $"sip:{role.Plan.User}@{new IPEndPoint(host.AddressOf(Version)!, ServerProgram.Port)};transport={role.Transport.UriToken}";
        await _calling.RegisterAsync(Patience, cancellation, _contact);
    }

    public async Task<string?> SendAsync(SipMethod method, string uri, CancellationToken cancellation)
    {
        if (_calling is null)
        {
            return "it was not started";
        }

        if (method == SipMethod.Subscribe)
        {
            _watch = new AgentWatch(_calling, _answers, uri, role.Listed is not null, Patience);
            return await _watch.StartAsync(cancellation);
        }

        SipResponse? answer = await _calling.AskAsync(method == SipMethod.Publish ? Publication(_calling, uri) : Text(_calling, uri), Patience, cancellation);
        _entityTag = answer?.Text(HeaderName.SipETag) ?? _entityTag;
        return answer is { IsSuccess: true } ? null : $"{method.Name} {uri} got {answer?.StatusCode.ToString(CultureInfo.InvariantCulture) ?? "no answer"}";
    }

    public async Task<string?> EndAsync(CancellationToken cancellation) => _watch is null ? null : await _watch.EndAsync(cancellation);

    public Task CallAsync(string uri, CancellationToken cancellation) => _calling?.RingAsync(uri, Patience, cancellation) ?? Task.CompletedTask;

    public Task RejectAsync() => Task.CompletedTask;

    public Task HangUpAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_calling is not null)
        {
            string address = stage.Plan.AddressOfRecord(role.Plan);
            RequestBuilder leave = _calling.Begin(SipMethod.Register, $"sip:{stage.Plan.HomeOf(role.Plan).Name}", $"<{address}>", Guid.NewGuid().ToString("N"), _contact);
            await _calling.AskAsync(leave.Header(HeaderName.Expires, "0").Build(), LeavesWithin, CancellationToken.None);
            await _calling.DisposeAsync();
        }

        if (_answering is not null)
        {
            await _answering.DisposeAsync();
        }
    }

    private static SipRequest Text(CallingAgent agent, string uri) => agent.Begin(SipMethod.Message, uri, $"<{uri}>", Guid.NewGuid().ToString("N"))
        .Body("text/plain;charset=UTF-8", Encoding.UTF8.GetBytes("Grüße, auch über die Grenze:\r\n\r\n\0 ✓"))
        .Build();

    // RFC 3903 §4.1: the second time it changes what it published before.
    private SipRequest Publication(CallingAgent agent, string uri)
    {
        RequestBuilder publish = agent.Begin(SipMethod.Publish, uri, $"<{uri}>", Guid.NewGuid().ToString("N"))
            .Header(HeaderName.Expires, PublishedSeconds.ToString(CultureInfo.InvariantCulture));
        if (_entityTag is not null)
        {
            publish.Header(HeaderName.SipIfMatch, _entityTag);
        }

        return publish.Body(PresenceContent.Type, PresenceContent.Of(uri, string.Create(CultureInfo.InvariantCulture, $"state {++_published}"))).Build();
    }
}
