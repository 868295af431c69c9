import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { toStoredAddress } from '../../common/address/address.dto';
import { Transactions } from '../../common/database/transactions';
import { invalid, notFound } from '../../common/errors/domain-error';
import type { IdempotentRequest } from '../../common/idempotency/idempotency.decorator';
import { Idempotency } from '../../common/idempotency/idempotency.service';
import { definedOf } from '../../common/objects/defined';
import { holdAccount } from '../../common/personal-data/hold-account';
import { PersonalData } from '../../common/personal-data/personal-data';
import type { CreateAddressDto, UpdateAddressDto } from './dto/address-book.dto';
import type { UserAddressList, UserAddressResponse } from './dto/address-book.response';
import { UserAddress } from './entities/user-address.entity';

/** More than anyone sends parcels to. */
const MAX_ADDRESSES = 50;

/** A user's address book. Each change locks the user's row, so that there is exactly one default at any time. */
@Injectable()
export class AddressesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    personalData: PersonalData,
  ) {
    personalData.onErase((userId, tx) => tx.delete(UserAddress, { userId }));
    personalData.onExport('addresses', async (userId) => (await this.list(userId)).data);
  }

  /** The default first, then oldest first. */
  async list(userId: string): Promise<UserAddressList> {
    const addresses = await this.dataSource.manager.find(UserAddress, {
      where: { userId },
      order: { isDefault: 'DESC', createdAt: 'ASC', id: 'ASC' },
    });
    return { data: addresses.map(toAddressResponse) };
  }

  /** The first one becomes the default. @throws DomainError `validation_failed` past 50 addresses */
  create(userId: string, dto: CreateAddressDto, request: IdempotentRequest): Promise<UserAddressResponse> {
    return this.idempotency.run(request, async (tx) => {
      const others = await lockAddresses(userId, tx);
      if (others.length >= MAX_ADDRESSES) {
        throw invalid('street', 'too_many', `An address book holds at most ${MAX_ADDRESSES} addresses.`);
      }
      const isDefault = dto.isDefault === true || others.length === 0;
      if (isDefault) await clearDefault(userId, tx);
      const id = uuidv7();
      await tx.insert(UserAddress, { ...toStoredAddress(dto), id, userId, isDefault });
      return getAddress(id, tx);
    });
  }

  /** @throws DomainError `not_found`; `validation_failed` for taking the default away without naming another */
  update(userId: string, id: string, dto: UpdateAddressDto): Promise<UserAddressResponse> {
    return this.transactions.run(async (tx) => {
      const address = (await lockAddresses(userId, tx)).find((candidate) => candidate.id === id);
      if (!address) throw notFound('address');
      if (address.isDefault && dto.isDefault === false) {
        throw invalid('isDefault', 'one_default', 'Make another address the default instead.');
      }
      if (dto.isDefault) await clearDefault(userId, tx);
      const changes = definedOf({ ...dto });
      if (Object.keys(changes).length > 0) await tx.update(UserAddress, { id }, changes);
      return getAddress(id, tx);
    });
  }

  /** In the place of the default, the oldest of the others becomes it. @throws DomainError `not_found` */
  async remove(userId: string, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const addresses = await lockAddresses(userId, tx);
      const address = addresses.find((candidate) => candidate.id === id);
      if (!address) throw notFound('address');
      await tx.delete(UserAddress, { id });
      const heir = addresses.find((candidate) => candidate.id !== id);
      if (address.isDefault && heir) await tx.update(UserAddress, { id: heir.id }, { isDefault: true });
    });
  }
}

function toAddressResponse(address: UserAddress): UserAddressResponse {
  const { id, fullName, phone, street, street2, city, state, zipCode, country, isDefault } = address;
  return { id, fullName, phone, street, street2, city, state, zipCode, country, isDefault };
}

/** Oldest first. */
async function lockAddresses(userId: string, tx: EntityManager): Promise<UserAddress[]> {
  await holdAccount(userId, tx, 'NO KEY UPDATE');
  return tx.find(UserAddress, { where: { userId }, order: { createdAt: 'ASC', id: 'ASC' } });
}

async function clearDefault(userId: string, tx: EntityManager): Promise<void> {
  await tx.update(UserAddress, { userId, isDefault: true }, { isDefault: false });
}

async function getAddress(id: string, tx: EntityManager): Promise<UserAddressResponse> {
  return toAddressResponse(await tx.findOneByOrFail(UserAddress, { id }));
}
