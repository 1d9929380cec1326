// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// `isthmus phone` as a terminal: `answer` or `listen` when it is called, written to or watched; `call`, `send`, `watch` and `publish` when it does something itself.
/// </summary>
internal sealed class IsthmusTerminal(LabStage stage, TerminalRole role) : ITerminalProgram
{
    private static readonly string[] States = ["online", "busy", "away"];

    private readonly List<RunningProgram> _others = [];
    private RunningProgram? _program;
    private int _published;

    public bool RegistersAtStart => role.Answering.Count > 0 || (role.IsCalled && role.Steps.Count == 0);

    public IpVersions RegistersOn => role.Plan.Mode switch
    {
        RegistrationMode.OneRequest => (Prefer ?? IpVersion.V6).AsSet,
        RegistrationMode.Ipv4 => IpVersions.V4,
        RegistrationMode.Ipv6 => IpVersions.V6,
        _ => role.Plan.Has,
    };

    // With one request the version that is preferred carries it.
    private IpVersion? Prefer => role.Plan.Mode == RegistrationMode.OneRequest ? role.Plan.RequestVersion ?? role.Plan.Prefer : role.Plan.Prefer;

    public bool HasEnded => _program is { HasExited: true };

    // `phone call` registers and calls in one: it is started when it is to call.
    public Task StartAsync(CancellationToken cancellation)
    {
        if (RegistersAtStart)
        {
            Start([role.Answers ? "answer" : "listen"], Tone);
        }

        return Task.CompletedTask;
    }

    // What it publishes first stays until it is ended; what it publishes then is another device's, as with two phones of one user.
    public async Task<string?> SendAsync(SipMethod method, string uri, CancellationToken cancellation)
    {
        if (method == SipMethod.Publish && uri != stage.Plan.AddressOfRecord(role.Plan))
        {
            throw new LabException($"{role.Plan.Name}: isthmus phone publishes for its own address only");
        }

        if (method == SipMethod.Message)
        {
            Start(["send", uri, "Grüße ✓"], []);
            return await _program!.EndsAsync(stage.Settings.Patience) ? null : "isthmus phone send did not end";
        }

        Start(method == SipMethod.Subscribe ? ["watch", uri] : ["publish", States[_published++ % States.Length], "--note", "in the lab", "--stay"], []);
        return null;
    }

    public Task CallAsync(string uri, CancellationToken cancellation)
    {
        Start(["call", uri], Tone);
        return Task.CompletedTask;
    }

    public Task RejectAsync() => _program?.TypeAsync("r") ?? Task.CompletedTask;

    public Task HangUpAsync()
    {
        _program?.Ask();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RunningProgram program in _others)
        {
            await program.DisposeAsync();
        }

        if (_program is not null)
        {
            await _program.DisposeAsync();
        }
    }

    private IReadOnlyList<string> Tone => ["--play", string.Create(CultureInfo.InvariantCulture, $"tone:{role.Tone}")];

    private void Start(IReadOnlyList<string> command, IReadOnlyList<string> more)
    {
        if (_program is not null)
        {
            _others.Add(_program);
        }

        HostPlan server = stage.Plan.Host(stage.Plan.HomeOf(role.Plan).Server);
        string[] servers = [.. from address in server.Addresses where role.Plan.Has.Has(address.Version) select $"{new System.Net.IPEndPoint(address, ServerProgram.Port)};transport={role.Transport.UriToken}"];
        _program = stage.Start(
            role.Plan.Name,
            [
                .. stage.Settings.Isthmus, "phone", .. command,
                "--account", stage.Plan.AddressOfRecord(role.Plan),
                .. servers.SelectMany(one => (string[])["--server", one]),
                "--mode", Mode(role.Plan.Mode),
                .. Prefer is { } version ? (string[])["--prefer", version == IpVersion.V4 ? "4" : "6"] : [],
                "--transport", role.Transport.UriToken,
                .. more,
                "--json",
            ],
            stage.FolderOf(role.Plan.Name),
            _others.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{stage.LogOf(role.Plan.Name)}.{_others.Count}"));
    }

    private static string Mode(RegistrationMode mode) => mode switch
    {
        RegistrationMode.OneRequest => "one-request",
        RegistrationMode.Ipv4 => "ipv4",
        RegistrationMode.Ipv6 => "ipv6",
        _ => "both",
    };
}
