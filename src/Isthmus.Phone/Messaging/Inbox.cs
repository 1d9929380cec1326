// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Threading.Channels;
using Isthmus.Bodies;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Takes the messages that come (RFC 3428 §7), each once, and keeps them until the program reads them.</summary>
internal sealed class Inbox(PhoneContext phone)
{
    /// <summary>How many unread messages wait; beyond, a sender hears 480 and a server keeps what it has.</summary>
    public const int Most = 256;

    private const string RetryAfterSeconds = "60";

    private readonly RecentMessages _recent = new(phone.Time);
    private readonly Composers _composers = new(phone);
    private readonly Channel<ReceivedMessage> _unread = Channel.CreateBounded<ReceivedMessage>(Most);

    /// <summary>The messages that nobody has read yet.</summary>
    public ChannelReader<ReceivedMessage> Unread => _unread.Reader;

    /// <summary>Takes a MESSAGE, and gives the answer to it.</summary>
    public ResponseBuilder Take(SipRequest message, Flow flow)
    {
        if (!phone.Options.TakeMessages)
        {
            // Not 405: a server that stored it is to keep it for another device, or for later.
            return Answer(message, 480);
        }

        if (message.RequestUri is OtherUri || message.RequestSipUri is { IsSecure: true })
        {
            return Answer(message, 416);
        }

        var account = phone.Called(message);
        if (account is null && phone.Accounts.Count > 0 && message.RequestSipUri?.User is not null && message.To.Tag is null)
        {
            return Answer(message, 404);
        }

        if (message.Text(HeaderName.ContentEncoding) is { } encoding && !encoding.Trim().Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return Answer(message, 415).Header(HeaderName.AcceptEncoding, "identity");
        }

        if (_recent.Has(message, account))
        {
            return Answer(message, 200);
        }

        var sender = message.From.Uri.ToString()!;
        if (message.ContentTypeText == IsComposing.ContentType && IsComposing.TryParse(message.Body, out var state, out _))
        {
            _composers.Heard(sender, state);
            return Answer(message, 200);
        }

        // linphone tells so of each message that it shows, though nobody asked for it: good to know, but nothing to read (RFC 5438).
        if (message.ContentTypeText == MessageDisposition.ContentType && MessageDisposition.TryParse(message.Body, out _, out _))
        {
            return Answer(message, 200);
        }

        if (!_unread.Writer.TryWrite(Read(message, flow, account)))
        {
            return Answer(message, 480).Header(HeaderName.RetryAfter, RetryAfterSeconds);
        }

        _recent.Add(message, account);
        _composers.Stopped(sender);
        PhoneLog.MessageReceived(phone.Logger, message.CallId, sender, flow.Version.DisplayName, message.Body.Length);
        return Answer(message, 200);
    }

    /// <summary>No more come.</summary>
    public void Close() => _unread.Writer.TryComplete();

    private static ResponseBuilder Answer(SipRequest message, int status) => message.Answer(status, null, Identifiers.NewTag());

    private ReceivedMessage Read(SipRequest message, Flow flow, Account? account) =>
        new(message.From.Uri.ToString(), new MessageContent(message.Text(HeaderName.ContentType) is { Length: > 0 } type ? type : "text/plain", message.Body.ToArray()))
        {
            DisplayName = message.From.DisplayName,
            Account = account,
            SentAt = SentAt(message),
            ReceivedAt = phone.Time.GetUtcNow(),
            Version = flow.Version,
            Id = message.CallId,
        };

    // RFC 3261 §20.17
    private static DateTimeOffset? SentAt(SipRequest message) =>
        DateTimeOffset.TryParseExact(message.Text(HeaderName.Date), "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
