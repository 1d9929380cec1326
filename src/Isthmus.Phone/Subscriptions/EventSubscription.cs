// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Keeps a subscription alive for as long as it is wanted: where one ends, another one begins, unless that makes no sense. Confined to the owner of its name.</summary>
internal sealed class EventSubscription(PhoneContext phone, SubscriptionGoal goal, Action<SubscriptionState> changed)
{
    /// <summary>One that lived that long did not fail: the next one may begin at once.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(1);

    private readonly string _name = Identifiers.NewCallId();
    private SubscriptionDialog? _dialog;
    private ConversationTimer? _timer;
    private int _failures;
    private bool _leaving;

    public void Start() => phone.Stack.RunIn(_name, Begin);

    /// <summary>Ends it; done when the notifier has said its last word, or does not answer.</summary>
    public async Task LeaveAsync()
    {
        var leaving = new TaskCompletionSource<SubscriptionDialog?>(TaskCreationOptions.RunContinuationsAsynchronously);
        phone.Stack.RunIn(_name, () =>
        {
            _leaving = true;
            _timer?.Cancel();
            if (_dialog is null)
            {
                changed(new SubscriptionState(SubscriptionPhase.Ended));
            }

            leaving.SetResult(_dialog);
        });
        if (await leaving.Task is { } dialog)
        {
            await dialog.LeaveAsync();
        }
    }

    private void Begin()
    {
        if (!_leaving)
        {
            SubscriptionDialog? begun = null;
            _dialog = begun = new SubscriptionDialog(phone, goal, changed, end => phone.Stack.RunIn(_name, () => Ended(begun!, end)));
            begun.Start();
        }
    }

    private void Ended(SubscriptionDialog dialog, SubscriptionEnd end)
    {
        _dialog = null;
        if (_leaving || end.Retry == SubscriptionRetry.Never || goal.Expires == TimeSpan.Zero)
        {
            changed(new SubscriptionState(SubscriptionPhase.Ended) { Status = end.Status, Reason = end.Reason });
            return;
        }

        var now = phone.Time.GetUtcNow();
        _failures = dialog.EstablishedAt is { } since && now - since >= LongEnough ? 0 : _failures + 1;
        var delay = end.Retry == SubscriptionRetry.AtOnce && _failures <= 1
            ? TimeSpan.FromSeconds(2 * phone.Chance())
            : RegistrationTimes.Retry(Math.Max(_failures - 1, 0), othersStand: false, phone.Chance());
        delay = end.RetryAfter > delay ? end.RetryAfter.Value : delay;
        _timer = phone.Stack.RunIn(_name, delay, Begin);
        changed(new SubscriptionState(SubscriptionPhase.Waiting) { Status = end.Status, Reason = end.Reason, NextAttempt = now + delay });
    }
}
