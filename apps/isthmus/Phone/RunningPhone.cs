// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isthmus.App.Phone;

/// <summary>A phone on this host's network that reports what happens to it.</summary>
internal sealed class RunningPhone : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly SystemNetwork _network = new();
    private readonly Task _following;

    public RunningPhone(PhoneOptions options, PhoneReport report)
    {
        Phone = new SipPhone(options, _network, TimeProvider.System, NullLoggerFactory.Instance);
        Report = report;
        _following = FollowAsync();
        StartResult started = Phone.Start();
        report.Started(started);
        IsUsable = started.IsUsable;
    }

    public SipPhone Phone { get; }

    public PhoneReport Report { get; }

    /// <summary>Whether the phone listens on any version.</summary>
    public bool IsUsable { get; }

    /// <summary>Registers every account; false, with the reason said, when none of an account's versions could be registered.</summary>
    public async Task<bool> RegisterAsync(CancellationToken cancellation)
    {
        if (Phone.Accounts.Count == 0)
        {
            return true;
        }

        RegistrationResult result = await Phone.RegisterAsync(null, cancellation);
        return result.IsUsable;
    }

    public async ValueTask DisposeAsync()
    {
        await Phone.DisposeAsync();
        await _following;
        _ended.Dispose();
    }

    private async Task FollowAsync()
    {
        await foreach (PhoneEvent happening in Phone.Events(_ended.Token))
        {
            Report.Happened(happening);
        }
    }
}
