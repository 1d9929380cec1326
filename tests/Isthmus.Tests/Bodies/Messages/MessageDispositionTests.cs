// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Tests.Bodies;

public sealed class MessageDispositionTests
{
    // As linphone writes it.
    private const string Linphone = """
        <?xml version="1.0" encoding="UTF-8" standalone="no" ?>
        <imdn xmlns="urn:ietf:params:xml:ns:imdn" xmlns:linphoneimdn="http://www.linphone.org/xsds/imdn.xsd">

          <message-id>QhWFZTfhrVzDZtH</message-id>

          <datetime>2026-11-23T12:00:00Z</datetime>

          <delivery-notification>
            <status>
              <delivered/>
            </status>
          </delivery-notification>

        </imdn>
        """;

    [Fact]
    public void TryParse_Linphone_IsDelivered()
    {
        var disposition = Reading.Document<MessageDisposition>(MessageDisposition.TryParse, Linphone);
        Assert.Equal(new("QhWFZTfhrVzDZtH", DispositionKind.Delivery, "delivered") { SentAt = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero) }, disposition);
    }

    [Theory]
    [InlineData(DispositionKind.Delivery, "failed")]
    [InlineData(DispositionKind.Processing, "stored")]
    [InlineData(DispositionKind.Display, "displayed")]
    public void ToBytes_AnyStage_IsReadAsTheSame(DispositionKind kind, string status)
    {
        var disposition = new MessageDisposition("34jk324j", kind, status) { Recipient = "sip:bob@[2001:db8::1]" };
        Assert.Equal(disposition, Reading.RoundTrip(MessageDisposition.TryParse, disposition, static document => document.ToBytes()));
    }

    [Theory]
    [InlineData("<imdn/>", "this is not a disposition of a message")]
    [InlineData("<imdn xmlns='urn:ietf:params:xml:ns:imdn'><message-id>x</message-id></imdn>", "the message or its disposition is missing")]
    [InlineData("<imdn xmlns='urn:ietf:params:xml:ns:imdn'><message-id>x</message-id><display-notification><status/></display-notification></imdn>", "the message or its disposition is missing")]
    [InlineData("<imdn xmlns='urn:ietf:params:xml:ns:imdn'><display-notification><status><displayed/></status></display-notification></imdn>", "the message or its disposition is missing")]
    public void TryParse_AnythingElse_IsAFault(string text, string fault) => Assert.Equal(fault, Reading.Fault<MessageDisposition>(MessageDisposition.TryParse, text));
}
