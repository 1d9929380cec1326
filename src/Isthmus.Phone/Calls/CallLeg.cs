// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>What stands behind a <see cref="Call"/>: its signalling, confined to the owner of its Call-ID.</summary>
internal abstract class CallLeg
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unanswered;

    protected CallLeg(PhoneContext phone, string callId, CallDirection direction, Account? account, NameAddr remote)
    {
        (Phone, CallId) = (phone, callId);
        Call = new Call(phone, callId, direction, account, remote.Uri.ToString(), remote.DisplayName);
        Media = new CallMedia(phone, Call);
    }

    public PhoneContext Phone { get; }

    public Call Call { get; }

    public string CallId { get; }

    /// <summary>Our tag, the same in every dialog of this call.</summary>
    public string LocalTag { get; } = Identifiers.NewTag();

    public CallMedia Media { get; }

    /// <summary>The confirmed dialog, once answered.</summary>
    public Session? Session { get; protected set; }

    public IpVersion? SignallingVersion { get; set; }

    public virtual IReadOnlyList<IpVersion> Redirects => [];

    public bool IsOver { get; private set; }

    /// <summary>Done when nothing of the call is left.</summary>
    public Task Gone => _gone.Task;

    public virtual void Ring(bool earlyMedia)
    {
    }

    public virtual void Answer()
    {
    }

    public virtual void Reject(int status, string? reason)
    {
    }

    /// <summary>Ends the call as its state asks for.</summary>
    public abstract void HangUp();

    public void Hold(bool on, TaskCompletionSource<bool> done)
    {
        if (Session is { } session)
        {
            session.Hold(on, done);
        }
        else
        {
            done.TrySetResult(false);
        }
    }

    /// <summary>A request with our tag.</summary>
    public abstract void OnRequest(ServerTransaction transaction);

    public void OnAck(ReceivedRequest ack) => Session?.OnAck(ack.Message);

    /// <summary>Reports a state; nothing is reported after the end.</summary>
    public void Enter(CallPhase phase, IpVersion? version, int status = 0)
    {
        if (!IsOver)
        {
            Call.Enter(new CallState(phase, Phone.Time.GetUtcNow()) { Version = version, Status = status, Hold = Media.Hold });
        }
    }

    /// <summary>Reports that media runs, or is held, if that is news.</summary>
    public void EnterMediaState(int status)
    {
        var phase = Media.Hold == HoldState.None ? CallPhase.Established : CallPhase.Held;
        var state = Call.State;
        if (state.Phase != phase || state.Version != Media.Version || state.Hold != Media.Hold)
        {
            Enter(phase, Media.Version, status);
        }
    }

    /// <summary>The call is over: its media is closed and its place is free. The leg lives on until its last request is answered.</summary>
    public void End(CallResult result)
    {
        if (IsOver)
        {
            return;
        }

        IsOver = true;
        var media = Media.Version;
        Session?.Stop();
        OnEnd();
        CloseMedia();
        Phone.Calls.ReleasePlace();
        Report(result, media);
        LeaveIfIdle();
    }

    /// <summary>A request was sent whose answer the leg must see.</summary>
    public void Expect() => _unanswered++;

    /// <summary>It was answered, or will never be.</summary>
    public void Settled()
    {
        _unanswered--;
        LeaveIfIdle();
    }

    protected virtual void OnEnd()
    {
    }

    /// <summary>Whatever closing does, the other side gets its BYE, and who waits for the end of the call hears of it.</summary>
    private void CloseMedia()
    {
        try
        {
            Media.Close();
        }
#pragma warning disable CA1031 // The sound is the program's own code, and sockets are the system's: neither may keep a call from ending.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            PhoneLog.MediaNotClosed(Phone.Logger, fault, CallId);
        }
    }

    private void Report(CallResult result, IpVersion? media)
    {
        var now = Phone.Time.GetUtcNow();
        Call.Enter(new CallState(CallPhase.Ended, now)
        {
            Status = result.Status,
            Result = result with
            {
                WasAnswered = Call.AnsweredAt is not null,
                Duration = Call.AnsweredAt is { } answered ? now - answered : TimeSpan.Zero,
                SignallingVersion = SignallingVersion,
                MediaVersion = media,
                Codec = Media.Codec,
                Redirects = [.. Redirects],
                Statistics = Media.Statistics(),
            },
        });
    }

    private void LeaveIfIdle()
    {
        if (IsOver && _unanswered <= 0)
        {
            Phone.Calls.Remove(this);
            _gone.TrySetResult();
        }
    }
}
