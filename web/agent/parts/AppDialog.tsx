import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Icon } from './Icon.tsx';

/** A dialog over the page; Escape and the cross close it, and focus returns to where it was. */
export function AppDialog(props: { title: string; isOpen: boolean; onClose(): void; children: ReactNode }) {
  return (
    <ModalOverlay
      className="veil"
      isOpen={props.isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Modal className="modal">
        <Dialog>
          <div className="dialog-head">
            <Heading slot="title" level={1}>
              {props.title}
            </Heading>
            <Button className="button plain icon-only" aria-label="Close" onPress={props.onClose}>
              <Icon name="close" />
            </Button>
          </div>
          {props.children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
