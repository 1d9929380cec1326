// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Phone;

/// <summary>
/// Writes to one address: messages one after the other, so that they arrive in the order in which they were said, and in between that a message is being written
/// (RFC 3994), where the other side understands that. Made by <see cref="SipPhone.OpenChat"/>. What comes back is in <see cref="SipPhone.Messages"/> and <see cref="ComposingChanged"/>.
/// </summary>
public sealed class Chat : IDisposable
{
    /// <summary>Who does not type for so long is not writing any more (RFC 3994 §3.2).</summary>
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(15);

    /// <summary>How often it is said that writing goes on, at least 60 s (RFC 3994 §3.2).</summary>
    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(60);

    private readonly SipPhone _phone;
    private readonly TimeProvider _time;
    private readonly MessageOptions? _options;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();
    private readonly ITimer _idle;
    private DateTimeOffset? _said;
    private bool _isHeard;

    internal Chat(SipPhone phone, TimeProvider time, string address, MessageOptions? options)
    {
        (_phone, _time, Address, _options) = (phone, time, address, options);
        _idle = time.CreateTimer(_ => Stopped(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>With whom.</summary>
    public string Address { get; }

    /// <summary>Sends text, after what was sent before has been answered.</summary>
    /// <param name="text">What to say.</param>
    /// <param name="cancellationToken">Ends the waiting; a message that is on its way stays so.</param>
    public async Task<MessageResult> SendAsync(string text, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            // The message says by itself that it is written (RFC 3994 §3.2).
            _said = null;
            _idle.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        await _turn.WaitAsync(cancellationToken);
        return await SendInTurnAsync(text).WaitAsync(cancellationToken);
    }

    /// <summary>The other side was heard: it is there, and may be told that somebody writes.</summary>
    public void Heard()
    {
        lock (_gate)
        {
            _isHeard = true;
        }
    }

    /// <summary>A key was pressed: the other side is told that a message is being written, once a minute, and that it is not any more after 15 s without a key.</summary>
    public void Typing()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (!_isHeard)
            {
                return;
            }

            _idle.Change(IdleAfter, Timeout.InfiniteTimeSpan);
            if (_said is { } said && now - said < SayAgain)
            {
                return;
            }

            _said = now;
        }

        _ = SayAsync(isActive: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stopped();
        _idle.Dispose();
    }

    // The turn ends with the answer, whether or not anybody waits for it: the next message must not overtake this one.
    private async Task<MessageResult> SendInTurnAsync(string text)
    {
        try
        {
            var result = await _phone.SendMessageAsync(Address, text, _options, CancellationToken.None);
            lock (_gate)
            {
                // To whom is not there it need not be said that somebody writes.
                _isHeard = result.Outcome == MessageOutcome.Delivered;
            }

            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Stopped()
    {
        lock (_gate)
        {
            if (_said is null)
            {
                return;
            }

            _said = null;
        }

        _ = SayAsync(isActive: false);
    }

    private async Task SayAsync(bool isActive)
    {
        var state = new IsComposing(isActive) { ComposedType = "text/plain", RefreshSeconds = isActive ? (int)SayAgain.TotalSeconds + (int)IdleAfter.TotalSeconds : null };
        var result = await _phone.SendMessageAsync(
            Address, new MessageContent(IsComposing.ContentType, state.ToBytes()), (_options ?? new MessageOptions()) with { Expires = SayAgain });
        if (result.Outcome != MessageOutcome.Delivered)
        {
            lock (_gate)
            {
                (_isHeard, _said) = (false, null); // it does not understand that, or is gone
            }
        }
    }
}
