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
    private readonly SemaphoreSlim _shown = new(0);
    private readonly bool _isQuiet;
    private readonly Task _following;
    private readonly Task _showing;

    /// <param name="options">What the phone is.</param>
    /// <param name="report">Where it says what happens.</param>
    /// <param name="isQuiet">Whether people are told only what the command is about, and what fails.</param>
    public RunningPhone(PhoneOptions options, PhoneReport report, bool isQuiet = false)
    {
        Phone = new SipPhone(options, _network, TimeProvider.System, NullLoggerFactory.Instance);
        Report = report;
        _isQuiet = isQuiet;
        _following = FollowAsync();
        _showing = ShowMessagesAsync();
        StartResult started = Phone.Start();
        IsUsable = started.IsUsable;
        if (!isQuiet || !IsUsable)
        {
            report.Started(started);
        }
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

    /// <summary>Waits until so many more messages were shown.</summary>
    public async Task MessagesAsync(int count, CancellationToken cancellation)
    {
        for (int i = 0; i < count; i++)
        {
            await _shown.WaitAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Phone.DisposeAsync();
        await _following;
        await _showing;
        _ended.Dispose();
        _shown.Dispose();
    }

    private async Task FollowAsync()
    {
        await foreach (PhoneEvent happening in Phone.Events(_ended.Token))
        {
            if (!_isQuiet || Report.IsJson || happening is RegistrationChanged { State.Phase: RegistrationPhase.Failed })
            {
                Report.Happened(happening);
            }
        }
    }

    private async Task ShowMessagesAsync()
    {
        await foreach (ReceivedMessage message in Phone.Messages(_ended.Token))
        {
            Report.Received(message);
            _shown.Release();
        }
    }
}
