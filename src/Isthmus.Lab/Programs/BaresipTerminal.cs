// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// baresip as a terminal. Two accounts of one user are its way to register on both versions; it cannot name both addresses in one REGISTER. It watches its contacts
/// and publishes its presence by itself, soon after it was started.
/// </summary>
internal sealed class BaresipTerminal(LabStage stage, TerminalRole role) : ITerminalProgram
{
    private const int ToneSeconds = 60;

    private RunningProgram? _program;
    private bool _isOnline = true;
    private bool _published;

    public bool RegistersAtStart => true;

    public IpVersions RegistersOn => role.Plan.Mode switch { RegistrationMode.Ipv4 => IpVersions.V4, RegistrationMode.Ipv6 => IpVersions.V6, _ => role.Plan.Has };

    public bool HasEnded => _program is { HasExited: true };

    public async Task StartAsync(CancellationToken cancellation)
    {
        if (role.Listed is not null)
        {
            throw new LabException($"{role.Plan.Name}: baresip does not watch lists");
        }

        string name = role.Plan.Name, folder = stage.FolderOf(name);
        await File.WriteAllTextAsync(Path.Combine(folder, "accounts"), string.Join('\n', Accounts()) + "\n", cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "contacts"), Contacts(), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "config"), Configuration(folder), cancellation);
        ToneFile.Write(Path.Combine(folder, "tone.wav"), role.Tone, ToneSeconds);
        _program = stage.Start(name, [ToolBox.Find("baresip") ?? "baresip", "-f", folder], folder);
        if (role.Watcher is not null || role.Publishes)
        {
            await TypeAsync("/presence_online"); // until then its status is "?" or "unknown", which is no PIDF
        }
    }

    public async Task<string?> SendAsync(SipMethod method, string uri, CancellationToken cancellation)
    {
        if (method == SipMethod.Message)
        {
            await TypeAsync("/message Grüße von baresip");
        }
        else if (method == SipMethod.Publish && _published)
        {
            _isOnline = !_isOnline;
            await TypeAsync(_isOnline ? "/presence_online" : "/presence_offline");
        }

        _published |= method == SipMethod.Publish;
        return null;
    }

    public Task CallAsync(string uri, CancellationToken cancellation) => TypeAsync($"/dial {uri}");

    public Task RejectAsync() => TypeAsync("/hangup");

    public Task HangUpAsync() => TypeAsync("/hangup");

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await TypeAsync("/quit");
            await _program.DisposeAsync();
        }
    }

    private Task TypeAsync(string line) => _program?.TypeAsync(line) ?? Task.CompletedTask;

    private IEnumerable<string> Accounts()
    {
        HostPlan server = stage.Plan.Host(stage.Plan.HomeOf(role.Plan).Server);

        // It calls by its first account.
        foreach (IpVersion version in role.Plan.Prefer == IpVersion.V4 ? (IpVersion[])[IpVersion.V4, IpVersion.V6] : [IpVersion.V6, IpVersion.V4])
        {
            if (RegistersOn.Has(version) && server.AddressOf(version) is { } address)
            {
                string outbound = $"sip:{new System.Net.IPEndPoint(address, ServerProgram.Port)};transport={role.Transport.UriToken}";
                yield return $"<{stage.Plan.AddressOfRecord(role.Plan)}>;outbound=\"{outbound}\";regint=300;answermode={(role.Answers ? "auto" : "manual")}{(role.Publishes ? ";pubint=300" : "")}";
            }
        }
    }

    private string Contacts() => role.Contact is { } contact ? $"\"Contact\" <{contact}>{(role.Watches ? ";presence=p2p" : "")}\n" : "";

    private static string Configuration(string folder) => $"""
        poll_method epoll
        net_interface {LabGround.HostInterface}
        call_local_timeout 120
        call_max_calls 4
        audio_player aubridge,nil
        audio_source aufile,{Path.Combine(folder, "tone.wav")}
        audio_alert aubridge,nil
        ausrc_srate 8000
        auplay_srate 8000
        ausrc_channels 1
        auplay_channels 1
        module_path {(Directory.Exists("/usr/lib/baresip/modules") ? "/usr/lib/baresip/modules" : "/usr/local/lib/baresip/modules")}
        module stdio.so
        module g711.so
        module aufile.so
        module aubridge.so
        module_tmp uuid.so
        module_tmp account.so
        module_app menu.so
        module_app contact.so
        module_app presence.so

        """;
}
